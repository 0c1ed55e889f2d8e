"""Every code of a problem, with what it means."""

from engine.authoring.judgement_lints import CODES as LINT_CODES
from engine.authoring.new import CODES as NEW_CODES
from engine.cli.earlier import CODES as EARLIER_CODES
from engine.cli.import_batch import CODES as IMPORT_CODES
from engine.cli.joined import CODES as JOINED_CODES
from engine.cli.keys import CODES as KEY_CODES
from engine.cli.outputs import CODES as OUTPUT_CODES
from engine.cli.rehearse import CODES as REHEARSE_CODES
from engine.cli.report import CODES as REPORT_CODES
from engine.cli.rules_new import CODES as RULES_NEW_CODES
from engine.cli.rules_test import CODES as RULES_TEST_CODES
from engine.cli.sample import CODES as SAMPLE_CODES
from engine.cli.spark_ready import CODES as SPARK_CODES
from engine.cli.unfinished import CODES as UNFINISHED_CODES
from engine.moderation.decide_codes import CODES as DECIDE_CODES
from engine.moderation.ledger_codes import CODES as LEDGER_CODES
from engine.records.codes import CODES as RECORD_CODES
from engine.records.extract import CODES as EXTRACT_CODES
from engine.records.mapping.codes import CODES as MAPPING_CODES
from engine.records.quality import CHECKS
from engine.reports.week.typeset import CODES as TYPESET_CODES
from engine.rulebook.calendar import CALENDAR_CODES
from engine.rulebook.check import CODES as STANDARD_CODES
from engine.rulebook.judgement_check import CODES as JUDGEMENT_CODES
from engine.rulebook.lints import CODES as STANDARD_LINT_CODES
from engine.rulebook.load import CODES as FOLDER_CODES
from engine.rulebook.outages import CODES as OUTAGE_CODES
from engine.rulebook.source import YAML_CODES
from engine.rulebook.stack import CODES as STACK_CODES
from engine.rulebook.unfilled import CODES as UNFILLED_CODES
from engine.rulebook.validate import MODEL_CODES
from engine.rulebook.values import CODES as OVERLAY_CODES
from engine.synthetic.order import CODES as SYNTHETIC_CODES

USAGE_CODES = {
    "U010": "a name is neither an audit of the batch, a standard nor a code",
    "U012": "there is no standard, stage, level or status of that name",
    "U011": "an example of a rule file does not give what it expects",
}

QUALITY_CODES = {check.code: check.meaning for check in CHECKS.values()}

ALL_CODES: dict[str, str] = dict(
    sorted(
        {
            **YAML_CODES,
            **MODEL_CODES,
            **FOLDER_CODES,
            **STANDARD_CODES,
            **STACK_CODES,
            **OVERLAY_CODES,
            **STANDARD_LINT_CODES,
            **JUDGEMENT_CODES,
            **LINT_CODES,
            **CALENDAR_CODES,
            **OUTAGE_CODES,
            **QUALITY_CODES,
            **RECORD_CODES,
            **MAPPING_CODES,
            **LEDGER_CODES,
            **DECIDE_CODES,
            **IMPORT_CODES,
            **SYNTHETIC_CODES,
            **OUTPUT_CODES,
            **UNFINISHED_CODES,
            **KEY_CODES,
            **EXTRACT_CODES,
            **JOINED_CODES,
            **REPORT_CODES,
            **RULES_TEST_CODES,
            **EARLIER_CODES,
            **NEW_CODES,
            **RULES_NEW_CODES,
            **UNFILLED_CODES,
            **SAMPLE_CODES,
            **SPARK_CODES,
            **REHEARSE_CODES,
            **USAGE_CODES,
            **TYPESET_CODES,
        }.items()
    )
)
