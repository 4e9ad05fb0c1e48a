from simulator.report.difference import compare
from tests.unit.reports import Deployment, platform


def test_a_report_does_not_differ_from_itself():
    report = platform().report()
    assert compare(report, report).nothing


def test_another_stack_of_the_same_shape_does_not_differ():
    """Ids and names of the stack are not differences."""
    made = Deployment("dev")
    vpc = made.add("aws:ec2/vpc:Vpc", "vpc", id="vpc-11111111")
    inputs = {"vpcId": "vpc-11111111", "x": "fastapi-platform-dev", "tags": {"env": "dev"}}
    made.add("aws:ec2/subnet:Subnet", "subnet", inputs=inputs, needs=[vpc])
    other = Deployment("prod")
    vpc = other.add("aws:ec2/vpc:Vpc", "vpc", id="vpc-22222222")
    inputs = {
        "vpcId": "vpc-22222222",
        "x": "fastapi-platform-prod",
        "tags": {"env": "prod"},
    }
    other.add("aws:ec2/subnet:Subnet", "subnet", inputs=inputs, needs=[vpc])
    assert compare(other.report(), made.report()).nothing


def test_what_is_added_removed_and_changed():
    comparison = compare(platform(zones=3).report(), platform(zones=2).report())
    assert [r.name for r in comparison.added] == ["network-private-3"]
    assert comparison.removed == ()
    changed = {change.resource.name: change.properties for change in comparison.changed}
    assert changed == {"kafka-cluster": (("numberOfBrokerNodes", 2, 3),)}
    back = compare(platform(zones=2).report(), platform(zones=3).report())
    assert [r.name for r in back.removed] == ["network-private-3"]


def test_properties_are_named_by_their_path():
    made, other = Deployment(), Deployment()
    made.add("aws:x/y:Y", "y", inputs={"a": {"b": [1, 2]}, "only": True, "same": "x"})
    other.add("aws:x/y:Y", "y", inputs={"a": {"b": [1, 3, 4]}, "same": "x"})
    (change,) = compare(other.report(), made.report()).changed
    assert change.properties == (("a.b[1]", 2, 3), ("a.b[2]", None, 4), ("only", True, None))
