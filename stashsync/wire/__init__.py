"""Talking to a Stash server: the one door to httpx and gql.

    url           what a person types as the server → an `Endpoint`
    transport     one GraphQL document there and back: key, TLS, time-outs, retries
    read_only     the same, unable to send a mutation; what planning is given
    exchange      what travels: `Answer`, and the Protocol that both transports fulfil
    failures      every foreign error as one of ours, with words and a way out
    retry         what may be sent again, and when
    documents     query text from a kind and chosen fields
    operations    aliased mutations in batches, each with its outcome
    capabilities  what this server is and has
    gql_adapter   our transport for users of gql

Importing this package costs nothing: httpx is loaded by `transport` and `failures`, gql only when
the API has reported an error or somebody asks for the adapter.
"""
