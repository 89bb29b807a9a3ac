import { CELL_PROBLEMS, type CellProblemCode, REGISTER_KINDS } from '@backcheck/core';
import { z } from 'zod';
import { ImportProblem } from './imports.ts';
import { Text } from './text.ts';
import { Cursor, Id, Instant, limit, NextCursor, OrganizationId, Sha256 } from './wire.ts';

/**
 * uploaded (the columns wait for a person) -> staging -> ready -> applying -> applied -> undoing -> undone, from where
 * it can be applied again.
 */
export const REGISTER_IMPORT_STATES = [
  'uploaded',
  'staging',
  'ready',
  'applying',
  'applied',
  'undoing',
  'undone',
] as const;
export const RegisterImportState = z.enum(REGISTER_IMPORT_STATES);
export type RegisterImportState = z.infer<typeof RegisterImportState>;

/** What a row would do to the registers. Rows of the last two are never applied. */
export const ROW_OUTCOMES = ['new', 'changed', 'same', 'conflict', 'error'] as const;
export const RowOutcome = z.enum(ROW_OUTCOMES);
export type RowOutcome = z.infer<typeof RowOutcome>;

export const RegisterKind = z.enum(REGISTER_KINDS);

/** What can be wrong with a row besides its own cells: how it fits to the registers and to the other rows. */
export const ROW_PROBLEMS = {
  UNKNOWN_ORGANIZATION: {
    zh: '没有您可以修改的编码为“{value}”的单位',
    en: 'There is no organization "{value}" that you may change',
  },
  UNKNOWN_SYSTEM: {
    zh: '该单位没有编码为“{value}”的系统',
    en: 'The organization has no system "{value}"',
  },
  REFERS_TO_WRONG_ROW: {
    zh: '所引用的“{value}”在工作表“{sheet}”第 {row} 行，该行有误',
    en: '"{value}" stands in row {row} of sheet "{sheet}", and that row is wrong',
  },
  PARENT_CIRCLE: {
    zh: '上级单位“{value}”在本单位之下，形成循环',
    en: 'The parent "{value}" lies below this organization: a circle',
  },
  PARENT_TOO_DEEP: {
    zh: '上级单位超过 {max} 级',
    en: 'The tree would be deeper than {max} levels',
  },
  PARENT_NOT_YOURS: {
    zh: '您无权变更上级单位或单位状态',
    en: 'You may not move this organization to another parent, nor change its status',
  },
  NAME_TAKEN: {
    zh: '同一上级单位下已有名为“{value}”的单位（{other}）',
    en: 'The same parent has another organization named "{value}" ({other})',
  },
  DUPLICATE_ROW: {
    zh: '与工作表“{sheet}”第 {row} 行是同一条记录',
    en: 'The same record as row {row} of sheet "{sheet}"',
  },
  CHANGED_SINCE_EXPORT: {
    zh: '导出后有人修改过这条记录（导出时版本 {exported}，现在 {stored}）',
    en: 'Somebody changed this record after the export (version {exported} then, {stored} now)',
  },
  SEVERAL_ASSETS: {
    zh: '这些标识符合多个已知资产：{assets}',
    en: 'Several known assets have these identifiers: {assets}',
  },
  OTHER_ASSET_CODE: {
    zh: '已有使用这些标识的资产，编号为“{value}”',
    en: 'An asset with these identifiers is registered under the code "{value}"',
  },
  SEVERAL_CONTACTS: {
    zh: '该单位有多名同角色同姓名的联络人',
    en: 'The organization has several contacts of this role and name',
  },
} as const satisfies Record<string, Text>;

export type RowProblemCode = keyof typeof ROW_PROBLEMS | CellProblemCode;

// Object.keys types its result as string[]; both tables are closed.
const ROW_PROBLEM_CODES = [...Object.keys(ROW_PROBLEMS), ...Object.keys(CELL_PROBLEMS)] as [
  RowProblemCode,
  ...RowProblemCode[],
];

const count = z.number().int().min(0);
const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

export const RegisterSheet = z
  .object({
    name: z.string(),
    rows: count.describe('Rows below the header'),
    kind: RegisterKind.nullable().describe('What it seems to hold, or what a person said; null: ignored'),
    remembered: z.boolean().describe('The mapping is the one chosen for the same headers before'),
    columns: z.array(
      z.object({
        letter: z.string(),
        header: z.string(),
        samples: z.array(z.string()),
        field: z.string().nullable().describe('Key of the field that it fills; null: ignored'),
      }),
    ),
  })
  .meta({ id: 'RegisterSheet' });
export type RegisterSheet = z.infer<typeof RegisterSheet>;

export const RegisterImport = z
  .object({
    id: Id,
    organizationId: OrganizationId.nullable().describe('New organizations without a parent come below it'),
    fileName: z.string(),
    sizeBytes: count,
    sha256: Sha256,
    state: RegisterImportState,
    sheets: z.array(RegisterSheet),
    progress: z.object({ rowsRead: count, rowsTotal: count }),
    counts: z.record(RowOutcome, count).describe('Rows by what they would do, as last staged'),
    skip: z.array(RowOutcome).describe('Which rows were left out on purpose when it was applied'),
    problem: ImportProblem.nullable(),
    blockers: z
      .array(
        z.object({ kind: RegisterKind, key: z.string(), why: z.enum(['changed', 'in-use', 'not-yours']) }),
      )
      .describe('The records for which undoing was refused; the first 100'),
    createdBy: z.string(),
    createdAt: Instant,
    stagedAt: Instant.nullable(),
    appliedAt: Instant.nullable(),
    undoneAt: Instant.nullable(),
  })
  .meta({ id: 'RegisterImport' });
export type RegisterImport = z.infer<typeof RegisterImport>;

export const RowProblem = z
  .object({
    column: z
      .string()
      .nullable()
      .describe('Letter of the column; null where the file has none for the field'),
    field: z.string(),
    code: z.enum(ROW_PROBLEM_CODES),
    text: Text,
    value: z.string().nullable().describe('What stands in the cell'),
  })
  .meta({ id: 'RowProblem' });
export type RowProblem = z.infer<typeof RowProblem>;

export const RegisterImportRow = z
  .object({
    sheet: z.string(),
    row: z.number().int().describe('As the spreadsheet counts: the first row is 1'),
    kind: RegisterKind,
    outcome: RowOutcome,
    key: z.string().describe('The code or name of the record'),
    changes: z.array(
      z.object({ field: z.string(), before: FieldValue.nullable(), after: FieldValue.nullable() }),
    ),
    problems: z.array(RowProblem),
    warnings: z.array(RowProblem).describe('To look at; they keep nothing back'),
  })
  .meta({ id: 'RegisterImportRow' });
export type RegisterImportRow = z.infer<typeof RegisterImportRow>;

export const RegisterImportRowList = z.object({ items: z.array(RegisterImportRow), nextCursor: NextCursor });
export type RegisterImportRowList = z.infer<typeof RegisterImportRowList>;

export const RegisterImportRowQuery = z.object({
  outcome: RowOutcome.optional(),
  cursor: Cursor.optional(),
  limit: limit(500, 100),
});

/** The text field beside `file` in the multipart form. */
export const CreateRegisterImportFields = z.object({
  organizationId: OrganizationId.optional().describe('New organizations without a parent come below it'),
});
export type CreateRegisterImportFields = z.infer<typeof CreateRegisterImportFields>;

/** One entry for each sheet of the file, in its order; in `columns` one for each of its columns. */
export const RegisterMapping = z.object({
  sheets: z
    .array(
      z.object({ kind: RegisterKind.nullable(), columns: z.array(z.string().max(60).nullable()).max(300) }),
    )
    .min(1)
    .max(100),
});
export type RegisterMapping = z.infer<typeof RegisterMapping>;

export const ApplyRegisterImport = z.object({
  skip: z
    .array(z.enum(['error', 'conflict']))
    .max(2)
    .default([])
    .describe('Apply the other rows although there are such ones'),
});

export const RegisterImportQuery = z.object({ cursor: Cursor.optional(), limit: limit(100, 20) });
export const RegisterImportList = z.object({ items: z.array(RegisterImport), nextCursor: NextCursor });
export type RegisterImportList = z.infer<typeof RegisterImportList>;

export const RegisterExportQuery = z.object({
  format: z.enum(['xlsx', 'csv']).default('xlsx'),
  organizationId: OrganizationId.optional().describe('Only this node of the tree and what is below'),
  language: z
    .enum(['zh', 'en'])
    .optional()
    .describe('Of headers and words; without it as Accept-Language says'),
});

export const REGISTER_TEMPLATES = ['organizations', 'systems', 'assets', 'contacts', 'mlps-survey'] as const;
export const RegisterTemplate = z.enum(REGISTER_TEMPLATES);
export type RegisterTemplate = z.infer<typeof RegisterTemplate>;
