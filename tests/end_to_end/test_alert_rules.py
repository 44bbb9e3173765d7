"""The example of alert rules asks for nothing that the running service does not tell."""

import asyncio
import re
from pathlib import Path
from typing import Any

from addresses import free_address
from plain_web import plain_web
from prometheus_client.parser import text_string_to_metric_families

RULES = (Path(__file__).parents[2] / "deploy" / "alerts.yaml").read_text(encoding="utf-8")
EXPRESSIONS = re.findall(r"^ +expr: (.+)$", RULES, re.MULTILINE)
_SERIES = re.compile(r"\b((?:dateline|process)_\w+)(?:\{([^}]*)\})?")
PROMETHEUS_OWN = {'up{job="dateline"} == 0'}


def asked_for() -> set[tuple[str, frozenset[tuple[str, str]]]]:
    """The names in the rules, each with the labels that it has to have there; the job is set by
    Prometheus."""
    return {
        (name, frozenset(re.findall(r'(\w+)="([^"]*)"', labels)) - {("job", "dateline")})
        for expression in EXPRESSIONS
        for name, labels in _SERIES.findall(expression)
    }


async def test_each_name_in_the_alert_rules_is_told_by_the_running_service(
    ready_stage: Any,
) -> None:
    assert len(EXPRESSIONS) == RULES.count("- alert:") >= 15
    assert [one for one in EXPRESSIONS if not _SERIES.search(one)] == list(PROMETHEUS_OWN)
    address = free_address()
    backups = str(ready_stage.folder / "backups")
    soon = "bot.schedule.FIRST_BACKUP_LOOK = __import__('datetime').timedelta(seconds=1)"
    service = await ready_stage.run(soon, METRICS_ADDRESS=address, BACKUP_DIR=backups)
    await ready_stage.chat.ask("/search ferry")
    async with plain_web() as web:
        async with asyncio.timeout(120):
            text = ""
            while "\ndateline_backup_age_seconds" not in text:
                text = (await web.get(f"http://{address}/metrics", timeout=120)).text
                await asyncio.sleep(0.1)
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    told = {(one.name, pair) for one in samples for pair in one.labels.items()}
    names = {one.name for one in samples}
    for name, labels in asked_for():
        assert name in names, name
        assert {(name, pair) for pair in labels} <= told, name
    searched = next(
        one.value
        for one in samples
        if one.name == "dateline_query_seconds_count" and one.labels["query"] == "search"
    )
    assert searched >= 1
    assert await service.stop() == 0
