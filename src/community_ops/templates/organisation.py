"""Units, positions, reporting lines and goals of the community operations template."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from community_ops.kernel.values import Money
from community_ops.org.records import Goal, Position, ReportingLine, Unit
from community_ops.templates.service import skills_of
from community_ops.templates.words import Say


def units(say: Say) -> Iterator[Unit]:
    """Yield the whole, its four departments and its six teams.

    As in the document, three units are mandated with marketing, the content department has no position, and
    two teams have no lead of their own: chief officers head them beside their departments.
    """
    organisation = partial(Unit, kind="organisation")
    department = partial(Unit, parent="hq", kind="department")
    team = partial(Unit, kind="team")

    yield organisation(
        id="hq",
        name=say("总部", "Headquarters"),
        heads=("ceo",),
        mission=say(
            "通过社群运营和营销手段推动产品或服务的销售和市场推广",
            "Use community operations and marketing to drive the sale and promotion of products or services",
        ),
    )

    yield department(id="marketing", name=say("市场部", "Marketing"), heads=("cmo",), mandates=("marketing",))
    yield team(
        id="community-marketing",
        name=say("社群营销团队", "Community marketing team"),
        parent="marketing",
        heads=("cmo",),
        mandates=("marketing",),
        mission=say(
            "通过社群渠道进行产品或服务的营销和推广",
            "Market and promote through community channels",
        ),
    )

    yield department(id="operations", name=say("运营部", "Operations"), heads=("coo",))
    yield team(
        id="community-operations",
        name=say("社群运营团队", "Community operations team"),
        parent="operations",
        heads=("community-operator",),
        mandates=("marketing",),  # through its marketer
        mission=say(
            "规划、实施和管理社群运营和营销活动",
            "Plan, carry out and manage community operations and marketing activities",
        ),
    )
    yield team(
        id="customer-service",
        name=say("客户服务团队", "Customer service team"),
        parent="operations",
        heads=("coo",),
        mission=say(
            "服务和支持客户，提高客户满意度和忠诚度",
            "Serve and support customers, raising satisfaction and loyalty",
        ),
    )
    yield team(
        id="project-management",
        name=say("项目管理团队", "Project management team"),
        parent="operations",
        heads=("project-manager",),
        mission=say(
            "监控和管理项目实施过程，确保按计划和目标进行",
            "Monitor and manage delivery so that it follows plan and goals",
        ),
    )

    yield department(id="content", name=say("内容部", "Content"), heads=("cmo",))

    yield department(id="technology", name=say("技术部", "Technology"), heads=("product-manager",))
    yield team(
        id="product",
        name=say("产品或服务团队", "Product or service team"),
        parent="technology",
        heads=("product-manager",),
        mission=say("开发和提供优质的产品或服务", "Build and deliver good products or services"),
    )

    yield team(
        id="finance",
        name=say("财务管理团队", "Finance team"),
        parent="hq",
        heads=("finance-manager",),
        mission=say(
            "监控和管理项目财务状况，确保健康稳定",
            "Monitor and manage the project's finances and keep them healthy and stable",
        ),
    )


def positions(say: Say) -> Iterator[Position]:
    """Yield three executives and the nineteen positions of the teams, with what a seat costs a month."""
    yield from _executives(say)
    yield from _market_and_community(say)
    yield from _service_and_projects(say)
    yield from _product_and_finance(say)


def _cny(amount: int) -> Money:
    return Money(amount, "CNY")


def _executives(say: Say) -> Iterator[Position]:
    executive = partial(Position, unit="hq", level="executive")
    yield executive(id="ceo", title=say("创始人/CEO", "Founder / CEO"), monthly_cost=_cny(60_000))
    yield executive(
        id="coo",
        title=say("COO（首席运营官）", "Chief Operating Officer"),
        reports_to="ceo",
        monthly_cost=_cny(48_000),
    )
    yield executive(
        id="cmo",
        title=say("CMO（首席营销官）", "Chief Marketing Officer"),
        reports_to="ceo",
        monthly_cost=_cny(46_000),
    )


def _market_and_community(say: Say) -> Iterator[Position]:
    marketer = partial(Position, unit="community-marketing", reports_to="cmo", level="specialist")
    yield marketer(
        id="marketing-specialist",
        title=say("社群营销人员", "Community marketing specialist"),
        monthly_cost=_cny(17_000),
    )
    yield marketer(
        id="ad-planner",
        title=say("广告投放人员", "Ad placement specialist"),
        monthly_cost=_cny(16_000),
    )
    yield marketer(id="data-analyst", title=say("数据分析人员", "Data analyst"), monthly_cost=_cny(22_000))

    yield Position(
        id="community-operator",
        title=say("社群运营人员", "Community operator"),
        unit="community-operations",
        reports_to="coo",
        level="lead",
        monthly_cost=_cny(26_000),
    )
    member = partial(Position, unit="community-operations", reports_to="community-operator", level="specialist")
    yield member(
        id="content-creator",
        title=say("内容创作者", "Content creator"),
        seats=2,
        monthly_cost=_cny(18_000),
    )
    yield member(
        id="community-manager",
        title=say("社群管理者", "Community manager"),
        seats=3,
        monthly_cost=_cny(14_000),
    )
    yield member(id="community-marketer", title=say("营销人员", "Marketer"), monthly_cost=_cny(15_000))


def _service_and_projects(say: Say) -> Iterator[Position]:
    agent = partial(Position, unit="customer-service", reports_to="coo", level="specialist")
    yield agent(
        id="service-agent",
        title=say("客户服务人员", "Customer service agent"),
        seats=4,
        requires=skills_of("service-agent"),
        monthly_cost=_cny(11_000),
    )
    yield agent(
        id="tech-support",
        title=say("技术支持人员", "Technical support agent"),
        seats=2,
        requires=skills_of("tech-support"),
        monthly_cost=_cny(14_000),
    )
    yield agent(
        id="after-sales",
        title=say("售后服务人员", "After-sales agent"),
        seats=2,
        requires=skills_of("after-sales"),
        monthly_cost=_cny(12_000),
    )

    yield Position(
        id="project-manager",
        title=say("项目经理", "Project manager"),
        unit="project-management",
        reports_to="coo",
        level="lead",
        monthly_cost=_cny(30_000),
    )
    # Two half-time posts, which one person holds together; the cost is that of the half.
    half_post = partial(
        Position,
        unit="project-management",
        reports_to="project-manager",
        level="specialist",
        seat_fte=Decimal("0.5"),
    )
    yield half_post(
        id="project-coordinator",
        title=say("项目协调员", "Project coordinator"),
        monthly_cost=_cny(11_000),
    )
    yield half_post(
        id="risk-manager",
        title=say("项目风险管理人员", "Project risk manager"),
        monthly_cost=_cny(12_000),
    )


def _product_and_finance(say: Say) -> Iterator[Position]:
    manager = partial(Position, reports_to="ceo", level="manager")

    yield manager(
        id="product-manager",
        title=say("产品经理", "Product manager"),
        unit="product",
        monthly_cost=_cny(36_000),
    )
    maker = partial(Position, unit="product", reports_to="product-manager", level="specialist")
    yield maker(
        id="engineer",
        title=say("开发工程师", "Development engineer"),
        seats=3,
        monthly_cost=_cny(25_000),
    )
    yield maker(id="designer", title=say("设计师", "Designer"), monthly_cost=_cny(20_000))

    yield manager(
        id="finance-manager",
        title=say("财务经理", "Finance manager"),
        unit="finance",
        monthly_cost=_cny(32_000),
    )
    accountant = partial(Position, unit="finance", reports_to="finance-manager", level="specialist")
    yield accountant(
        id="cost-accountant",
        title=say("成本会计师", "Cost accountant"),
        monthly_cost=_cny(19_000),
    )
    # In the team it audits, under the head of that team: so the document has it, and so the check finds it.
    yield accountant(
        id="auditor",
        title=say("审计师", "Auditor"),
        independent_of=("finance",),
        monthly_cost=_cny(21_000),
    )


def reporting_lines() -> Iterator[ReportingLine]:
    """Yield the functional lines: whose trade somebody works in, beside whom they report to."""
    for position, manager in (
        ("content-creator", "cmo"),
        ("community-marketer", "cmo"),
        ("data-analyst", "coo"),
        ("tech-support", "product-manager"),
    ):
        yield ReportingLine(id=f"{position}-to-{manager}", position=position, manager=manager, kind="functional")


def goals(say: Say) -> Iterator[Goal]:
    """Yield what the organisation wants to reach."""
    goal = partial(Goal, unit="hq", owner="ceo")
    yield goal(id="brand-awareness", name=say("提高品牌知名度", "Raise brand awareness"))
    yield goal(id="stickiness", name=say("增加客户粘性", "Increase customer stickiness"))
    yield goal(id="market-share", name=say("拓展市场份额", "Expand market share"))
