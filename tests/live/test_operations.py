"""The queries of the API on a real server: those that need no argument, by their own names."""

from __future__ import annotations

from stashsync import StashCapabilityError, StashClient, StashGraphQLError
from stashsync.wire import api
from tests.live.conftest import Live

NEEDS_ONE_OF_ITS_ARGUMENTS = {"find_file", "find_folder", "scene_streams"}
ASKS_ELSEWHERE = {"latestversion"}
"""What the server itself looks for on the internet."""


def test_every_query_without_required_arguments_answers(live: Live) -> None:
    """What is selected of each result is valid there, and its types are as the schema has them."""

    async def ask(client: StashClient) -> None:
        answered = 0
        for name, operation in api.operations("query").items():
            if operation.required or name in ASKS_ELSEWHERE:
                continue
            try:
                await getattr(client.queries, name)()
            except StashCapabilityError:
                assert operation.name not in (await client.schema()).operations["query"]
            except StashGraphQLError:
                assert name in NEEDS_ONE_OF_ITS_ARGUMENTS
            else:
                answered += 1
        assert answered > 25

    live.run(ask)
