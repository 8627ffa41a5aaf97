"""Telling: plans, reports and problems as text for people and as JSON for programs.

    view      one walk over a plan: readable values, members, names in place of tokens
    text      the plan for people, in Terraform's words
    tree      where objects move in their hierarchy
    json      plan, drift and report for programs, versioned
    report    the account of a run
    markdown  plans, runs and problems in a comment
    html      one page, with `page/` and `html_trees`; `lineage` is the hierarchy before and after
    github    annotations and `sentences` for them; junit the same as tests
    schemas   the JSON Schema of what `json` writes
    redact    pseudonyms in place of names and values
    graph     the hierarchies drawn
    problems  errors: what, where, the line with a caret, the way out
    progress  a bar for whatever takes longer than two seconds
    events    a run as JSON lines, while it goes on
    style     colour, and when
    safe      foreign text made inert

Nothing here decides or sends anything.
"""
