import type { Text } from '../observe/text.ts';

/** The registers that offices keep as sheets: 单位台账, 系统台账, 资产台账, 应急联络人. */
export const REGISTER_KINDS = ['organization', 'system', 'asset', 'contact'] as const;
export type RegisterKind = (typeof REGISTER_KINDS)[number];

/** A cell as a spreadsheet holds it; null is an empty one. A date is the midnight of its day in UTC. */
export type Cell = string | number | boolean | Date | null;

/**
 * What a cell says once it is read: text, a whole number, yes or no, the code of a choice, a day as "2026-11-21", or
 * a list of texts. Addresses, names and codes are in one form each, so that equal things compare equal.
 */
export type FieldValue = string | number | boolean | readonly string[];

/** One of a closed list. `synonyms` are other ways in which offices write it. */
export interface Choice {
  readonly code: string;
  readonly label: Text;
  readonly synonyms?: readonly string[];
}

/** What a list may hold. */
export type ItemKind = 'text' | 'ip' | 'mac' | 'domain' | 'url';

/**
 * `code` is the name that one register gives to a record and another refers to. `uscc` is the unified social credit
 * code (GB 32100-2015), `region` a division code (GB/T 2260).
 */
export type FieldType =
  | { readonly kind: 'text'; readonly max: number }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly kind: 'list'; readonly of: ItemKind }
  | { readonly kind: SimpleType };

export type SimpleType =
  | 'code'
  | 'date'
  | 'boolean'
  | 'email'
  | 'phone'
  | 'uscc'
  | 'region'
  | 'mlps-filing'
  | 'icp';

/** One column of a register. */
export interface Field {
  readonly key: string;
  readonly label: Text;
  /** Other headers under which offices keep it, for `mapColumns`. */
  readonly synonyms: readonly string[];
  readonly type: FieldType;
  readonly required: boolean;
  /** The value is the code of a record in this register. */
  readonly refersTo?: RegisterKind;
}

/** One record of a register: the value of each field that has one. A field that is not there is empty. */
export type RegisterRecord = Readonly<Record<string, FieldValue>>;

export interface RegisterTable {
  readonly kind: RegisterKind;
  readonly label: Text;
  /** The fields whose values together name a record: two rows with the same ones are the same record. */
  readonly key: readonly string[];
  readonly fields: readonly Field[];
}
