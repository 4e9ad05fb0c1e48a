"""Where alarms go: one topic, and who is told."""

from components.notifications.args import AlarmTopicArgs
from components.notifications.component import AlarmTopic
from components.notifications.plan import AlarmTopicPlan, plan_alarm_topic
from components.notifications.spec import AlarmTopicSpec

__all__ = ["AlarmTopic", "AlarmTopicArgs", "AlarmTopicPlan", "AlarmTopicSpec", "plan_alarm_topic"]
