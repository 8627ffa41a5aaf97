from stashsync.applier import carry_out as carry_out
from stashsync.applier.listener import Interrupt as Interrupt
from stashsync.applier.listener import Listener as Listener
from stashsync.applier.outcomes import Outcome as Outcome
from stashsync.applier.outcomes import Report as Report
from stashsync.applier.outcomes import Status as Status
from stashsync.client import StashClient as StashClient
from stashsync.errors import ExitCode as ExitCode
from stashsync.errors import ManifestError as ManifestError
from stashsync.errors import PlanError as PlanError
from stashsync.errors import StashError as StashError
from stashsync.manifest import Desired as Desired
from stashsync.manifest import load as load
from stashsync.planner.plan import Plan as Plan
from stashsync.reconcile import check_fresh as check_fresh
from stashsync.reconcile import make_plan as make_plan
from stashsync.types import KINDS as KINDS
from stashsync.types import Performer as Performer
from stashsync.types import Studio as Studio
from stashsync.types import Tag as Tag
from stashsync.unset import UNSET as UNSET
from stashsync.unset import UnsetType as UnsetType
from stashsync.wire.settings import ApiKey as ApiKey
from stashsync.wire.settings import TimeLimits as TimeLimits
from stashsync.wire.settings import Tls as Tls
from stashsync.wire.transport import Transport as Transport

__version__: str
