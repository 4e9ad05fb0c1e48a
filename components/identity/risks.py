"""What a user pool does about leaked passwords and sign-ins that look like someone else's."""

import pulumi_aws as aws
from pulumi_aws.cognito import (
    RiskConfigurationAccountTakeoverRiskConfigurationActionsArgs as Actions,
)
from pulumi_aws.cognito import (
    RiskConfigurationAccountTakeoverRiskConfigurationActionsHighActionArgs as HighRisk,
)
from pulumi_aws.cognito import (
    RiskConfigurationAccountTakeoverRiskConfigurationActionsLowActionArgs as LowRisk,
)
from pulumi_aws.cognito import (
    RiskConfigurationAccountTakeoverRiskConfigurationActionsMediumActionArgs as MediumRisk,
)
from pulumi_aws.cognito import RiskConfigurationAccountTakeoverRiskConfigurationArgs as Takeover

from components._base.scope import Scope

BLOCK, SECOND_FACTOR = "BLOCK", "MFA_IF_CONFIGURED"


def make_risk_rules(scope: Scope, pool: aws.cognito.UserPool) -> None:
    """Say what is done about threats: the pool's mode alone does nothing.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-adaptive-authentication.html
    (2026-11)
    """
    aws.cognito.RiskConfiguration(
        f"{scope.name}-risks",
        user_pool_id=pool.id,
        compromised_credentials_risk_configuration={"actions": {"event_action": BLOCK}},
        account_takeover_risk_configuration=Takeover(
            actions=Actions(
                low_action=LowRisk(event_action=SECOND_FACTOR, notify=False),
                medium_action=MediumRisk(event_action=SECOND_FACTOR, notify=False),
                high_action=HighRisk(event_action=BLOCK, notify=False),
            )
        ),
        opts=scope.own,
    )
