import type { ExplanationRecord, Instant, Severity, Verdict } from '@backcheck/core';
import type { Cell, CsvRow } from '../csv.ts';
import { epochInstant } from '../epoch-instant.ts';
import { listAt, textAt, valueAt } from '../json-value.ts';
import { severityOfWord } from '../severity.ts';
import { zonedInstant } from '../zoned-instant.ts';

/** One check at one resource, whatever file it comes from. */
export interface ProwlerRow {
  /** AWS account, Azure subscription, Google project, Kubernetes cluster; '' where the file does not say. */
  readonly account: string;
  readonly region: string;
  readonly resource: string;
  readonly check: string;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly at: Instant | null;
  readonly version: string | null;
  /** What Prowler's own catalogue says of the check. */
  readonly words: Pick<ExplanationRecord, 'description' | 'harm' | 'advice'>;
}

/** Columns of Prowler 3 and of Prowler 4 and later. */
export function rowOfCsv(row: CsvRow, cell: Cell): ProwlerRow {
  return {
    account: cell(row, 'ACCOUNT_UID') || cell(row, 'ACCOUNT_ID', 'SUBSCRIPTION', 'PROJECT_ID', 'CONTEXT'),
    region: cell(row, 'REGION') || cell(row, 'LOCATION', 'NAMESPACE'),
    resource: cell(row, 'RESOURCE_UID') || cell(row, 'RESOURCE_ARN') || cell(row, 'RESOURCE_ID'),
    check: cell(row, 'CHECK_ID'),
    title: cell(row, 'CHECK_TITLE'),
    severity: severityOfWord(cell(row, 'SEVERITY')),
    verdict: verdictOf(cell(row, 'STATUS'), cell(row, 'MUTED').toLowerCase() === 'true'),
    at: instantOf(cell(row, 'TIMESTAMP', 'ASSESSMENT_START_TIME')),
    version: cell(row, 'PROWLER_VERSION') || null,
    words: {
      description: cell(row, 'DESCRIPTION'),
      harm: cell(row, 'RISK'),
      advice: cell(row, 'REMEDIATION_RECOMMENDATION_TEXT'),
    },
  };
}

/** A Detection Finding of OCSF 1.x (`status_code`), or the JSON of Prowler 3 (`CheckID`). */
export function rowOfJson(value: unknown): ProwlerRow {
  return valueAt(value, 'CheckID') === undefined ? rowOfOcsf(value) : rowOfVersion3(value);
}

function rowOfOcsf(value: unknown): ProwlerRow {
  const resource = listAt(value, 'resources')[0];
  const status = textAt(value, 'status') ?? '';
  const muted = /^(suppressed|muted)$/i.test(status) || valueAt(value, 'unmapped', 'muted') === true;
  return {
    account: textAt(value, 'cloud', 'account', 'uid') || textAt(value, 'unmapped', 'provider_uid') || '',
    region:
      textAt(resource, 'region') || textAt(resource, 'namespace') || textAt(value, 'cloud', 'region') || '',
    resource: textAt(resource, 'uid') ?? '',
    check: textAt(value, 'metadata', 'event_code') ?? '',
    title: textAt(value, 'finding_info', 'title') ?? '',
    severity: severityOfWord(textAt(value, 'severity')),
    verdict: verdictOf(textAt(value, 'status_code') ?? '', muted),
    // `time_dt` is the clock of the machine without its zone; `time` is counted in UTC.
    at: instantOf(valueAt(value, 'time')),
    version: textAt(value, 'metadata', 'product', 'version') ?? null,
    words: {
      description: textAt(value, 'finding_info', 'desc') ?? '',
      harm: textAt(value, 'risk_details') ?? '',
      advice: textAt(value, 'remediation', 'desc') ?? '',
    },
  };
}

function rowOfVersion3(value: unknown): ProwlerRow {
  const text = (...keys: readonly string[]): string =>
    keys.map((key) => textAt(value, key)).find(Boolean) ?? '';
  return {
    account: text('AccountId', 'Subscription', 'ProjectId', 'Context'),
    region: text('Region', 'Location', 'Namespace'),
    resource: text('ResourceArn', 'ResourceId'),
    check: text('CheckID'),
    title: text('CheckTitle'),
    severity: severityOfWord(text('Severity')),
    verdict: verdictOf(text('Status'), false),
    at: instantOf(valueAt(value, 'AssessmentStartTime')),
    version: null,
    words: {
      description: text('Description'),
      harm: text('Risk'),
      advice: textAt(value, 'Remediation', 'Recommendation', 'Text') ?? '',
    },
  };
}

/**
 * FAIL stays a fact also when it was muted; PASS counts only when it was not. MANUAL, INFO and, before Prowler 4.2,
 * MUTED and WARNING in place of the verdict are no answer.
 */
function verdictOf(status: string, muted: boolean): Verdict {
  if (/^fail$/i.test(status)) return 'present';
  return /^pass$/i.test(status) && !muted ? 'absent' : 'error';
}

/** With `--unix-timestamp` seconds; OCSF asks for milliseconds, Prowler writes seconds. */
function instantOf(time: unknown): Instant | null {
  if (typeof time === 'number') return epochInstant(Math.trunc(time > 1e11 ? time / 1000 : time));
  if (typeof time !== 'string') return null;
  return epochInstant(time) ?? zonedInstant(time);
}
