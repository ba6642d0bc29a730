"""Which issues everybody may read."""

import pytest

from pipeline.campaigns.archive import archived
from pipeline.campaigns.models import Issue
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize("state", Issue.State)
@pytest.mark.parametrize("approved", [True, False])
def test_what_has_begun_to_go_out_as_approved(state: Issue.State, *, approved: bool) -> None:
    factories.issue(state=state, approved=approved)
    begun = state in {Issue.State.RELEASING, Issue.State.SENDING, Issue.State.SENT}
    assert archived().exists() is (begun and approved)
