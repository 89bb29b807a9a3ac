import { REASONS } from '@backcheck/core';
import { z } from 'zod';
import { Id, line } from './wire.ts';

/**
 * What a client of DefectDojo sends to `/api/v2/import-scan/` and `/api/v2/reimport-scan/` and gets back
 * (its API v2 as of version 3.2). docs/defectdojo.md says what each field means here.
 */

/** The names of scan types that stand for formats Backcheck reads. The file itself decides how it is read. */
export const DOJO_SCAN_TYPES = [
  'AWS Prowler Scan',
  'AWS Prowler V3',
  'Acunetix Scan',
  'Anchore Grype',
  'Anchore Grype detailed',
  'Burp Scan',
  'CycloneDX Scan',
  'Dependency Check Scan',
  'Generic Findings Import',
  'Lynis Scan',
  'Masscan Scan',
  'NPM Audit Scan',
  'NPM Audit v7+ Scan',
  'Naabu Scan',
  'Nexpose Scan',
  'Nikto Scan',
  'Nmap Scan',
  'Nuclei Scan',
  'OSV Scan',
  'OpenVAS Parser',
  'OpenVAS Parser v2',
  'OpenVEX Scan',
  'Openscap Vulnerability Scan',
  'Prowler Scan',
  'Qualys Scan',
  'SARIF',
  'SSLyze Scan (JSON)',
  'Sslscan',
  'Tenable Scan',
  'Testssl Scan',
  'Trivy Scan',
  'Wapiti Scan',
  'Wpscan',
  'ZAP Scan',
  'kube-bench Scan',
] as const;

const text = line(600);
const flag = z
  .string()
  .refine((word) => /^(true|false|t|f|1|0|yes|no|y|n|on|off)$/i.test(word), 'Must be a valid boolean.')
  .transform((word) => /^(true|t|1|yes|y|on)$/i.test(word));
const number = z
  .string()
  .regex(/^[1-9][0-9]{0,8}$/, 'A valid integer is required.')
  .transform(Number);

/** Text fields of the form; what a client sends besides is ignored, as DefectDojo does. */
export const DojoFields = z.object({
  scan_type: z.enum(DOJO_SCAN_TYPES, { error: (issue) => `"${String(issue.input)}" is not a valid choice.` }),
  engagement: number.optional(),
  test: number.optional(),
  product_type_name: text.optional(),
  product_name: text.optional(),
  engagement_name: text.optional(),
  test_title: text.optional(),
  auto_create_context: flag.default(false),
  scan_date: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d(T.*)?$/, 'Date has wrong format. Use YYYY-MM-DD.')
    .optional(),
  minimum_severity: z.enum(['Info', 'Low', 'Medium', 'High', 'Critical']).default('Info'),
  active: flag.optional(),
  verified: flag.optional(),
  close_old_findings: flag.optional(),
  close_old_findings_product_scope: flag.default(false),
  do_not_reactivate: flag.default(false),
  service: text.optional(),
  version: text.optional(),
  build_id: text.optional(),
  branch_tag: text.optional(),
  commit_hash: text.optional(),
  environment: text.default('Development'),
});
export type DojoFields = z.infer<typeof DojoFields>;

const count = z.number().int().min(0);

const Counts = z.object({
  active: count,
  verified: count,
  duplicate: count,
  false_p: count,
  out_of_scope: count,
  is_mitigated: count,
  risk_accepted: count,
  total: count,
});
export type DojoCounts = z.infer<typeof Counts>;

export const DojoStatistics = z
  .object({ info: Counts, low: Counts, medium: Counts, high: Counts, critical: Counts, total: Counts })
  .meta({ id: 'DojoStatistics' });
export type DojoStatistics = z.infer<typeof DojoStatistics>;

export const DojoAnswer = z
  .looseObject({
    scan_type: z.enum(DOJO_SCAN_TYPES),
    file: z.null(),
    test: z.number().int(),
    test_id: z.number().int(),
    engagement_id: z.number().int(),
    product_id: z.number().int(),
    product_type_id: z.number().int(),
    statistics: z.object({
      before: DojoStatistics.optional(),
      delta: z
        .object({
          created: DojoStatistics,
          closed: DojoStatistics.describe('Proved gone; nothing else is closed'),
          reactivated: DojoStatistics,
          untouched: DojoStatistics,
          absent_not_covered: DojoStatistics.describe(
            'Not in the file, and the file does not prove them gone',
          ),
        })
        .optional(),
      after: DojoStatistics,
    }),
    deduplication_complete: z.literal(true),
    pro: z.array(z.string()),
    backcheck: z.object({
      import_id: Id,
      already_imported: z.boolean(),
      absent_not_covered: z.object({
        total: count,
        reasons: z.partialRecord(z.enum([...REASONS, 'NOT_TRIED']), count),
      }),
    }),
  })
  .meta({ id: 'DojoAnswer' });
export type DojoAnswer = z.infer<typeof DojoAnswer>;
