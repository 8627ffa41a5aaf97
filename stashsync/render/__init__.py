"""Plans, reports and problems as text for people and as JSON for programs.

    view         one walk over a plan: readable values, members, names in place of tokens
    hierarchy    the hierarchies that a plan touches, before and after
    text         the plan for people, in Terraform's words: `blocks`, `values`, `moves`, `steps`
    documents    what `--format json` writes, as types, and their JSON Schema
    json         plan, drift and report as these documents
    report       the report of a run
    markdown     plans, runs and problems in a comment
    html         one page, with `page/`
    github       annotations and `sentences` for them; junit has the same as tests
    attribution  which side made each difference
    redact       pseudonyms in place of names and values
    graph        whole hierarchies, drawn
    problems     errors: what, where, the line with a caret, what to do
    progress     a bar for what takes longer than two seconds
    events       a run as JSON lines, while it lasts
    style        colour, and when
    safe         foreign text made inert; `phrases` for the rest

Nothing here decides or sends anything.
"""
