"""Talking to a Stash server: the one door to httpx and gql.

    url            what a person types as the server → an `Endpoint`
    settings       key, TLS and time limits, as values
    transport      one GraphQL document there and back: key, TLS, time-outs, retries
    read_only      the same, unable to send a mutation; what planning is given
    exchange       what travels: `Answer`, and the Protocol that both transports fulfil
    answers        what an HTTP answer means
    failures       every foreign error as our own, with a message and a way out
    gql_failures   the API's own errors, which are gql's too
    retry          what may be sent again, and when
    notes          what is logged
    documents      query text from a kind and chosen fields
    shapes         what of mutations shows in a document, and how many share one
    operations     mutations as data, each with its outcome, and the account of many
    inputs         the operations of the engine, from canonical values
    batches        operations carried out, document by document
    subscriptions  what the server reports by itself, by gql; in this process over `asgi_socket`
    capabilities   what this server is and has
    gql_adapter    our transport for users of gql

Importing this package costs nothing: httpx comes with `httpx_door`, for all that touch it, and gql
only when the API has reported an error, when a document must be parsed to see whether it only
reads, when a subscription is entered, or when the adapter is asked for. tenacity comes with the
first failure that is tried again.
"""
