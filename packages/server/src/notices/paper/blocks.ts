import type { Text } from '@backcheck/contract';

/** The parts of a chapter. */
export type Block =
  /** A sentence of ours. */
  | { readonly kind: 'text'; readonly text: Text }
  /** Paragraphs as somebody wrote them; their number differs between the languages. */
  | { readonly kind: 'written'; readonly zh: readonly string[]; readonly en: readonly string[] }
  /** What a stranger says of one thing, in one language: with its name, its rows in the table, and its texts line by line. */
  | {
      readonly kind: 'explained';
      readonly name: Text;
      readonly check: string;
      readonly rows: Text;
      readonly parts: readonly { readonly label: Text; readonly lines: readonly string[] }[];
    }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
    };

export interface Column {
  readonly heading: Text;
  /** Of what the fixed columns leave, in shares; or fixed, in millimetres. */
  readonly width: { readonly share: number } | { readonly mm: number };
}

/** One under the other: the first line is what the cell says, the others are quiet. */
export type Cell = readonly Text[];

export interface Chapter {
  /** Counted: "二、问题清单", "2. Findings". */
  readonly heading: Text;
  readonly blocks: readonly Block[];
}
