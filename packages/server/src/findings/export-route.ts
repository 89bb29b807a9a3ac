import {
  FINDING_LEDGER,
  FindingExportQuery,
  type FindingLedgerColumn,
  preferredLanguage,
} from '@backcheck/contract';
import {
  countMatching,
  type FindingFilter,
  findExplanations,
  ledgerRows,
  listFindings,
  seeOneMoment,
  type Tx,
} from '@backcheck/db';
import { type App, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { SHEET_FILE, sendSheet } from '../registers/spreadsheet/send-sheet.ts';
import { ledgerCells, type Wording, wordingOf } from './ledger-cells.ts';
import { writeLedger } from './write-ledger.ts';

const MOST = 20_000;
/** Rows that are made and written before others are served. */
const PAGE = 100;

export function findingExportRoute(app: App): void {
  app.get(
    '/findings/export',
    {
      config: { access: { object: 'finding', action: 'read' }, audited: 'export' },
      schema: {
        tags: ['Findings'],
        summary: 'The findings that match, as a ledger in a sheet',
        querystring: FindingExportQuery,
        response: { 200: SHEET_FILE, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const {
        format,
        timeZone,
        language = preferredLanguage(request.headers['accept-language']),
        ...filter
      } = request.query;
      const bytes = await request.inScope(async (tx) => {
        await seeOneMoment(tx);
        const findings = await countMatching(tx, { ...filter, limit: 1 }, MOST);
        if (findings > MOST) throw new Problem('FINDING_EXPORT_TOO_LARGE', { most: MOST });
        request.audit.details = { findings, format };
        return writeLedger(pagesOf(tx, filter, wordingOf({ language, timeZone })), { format, language });
      });
      return sendSheet(reply, bytes, { name: 'findings', format });
    },
  );
}

/** All rows of what matches, as the transaction's one moment has it. */
async function* pagesOf(
  tx: Tx,
  filter: Omit<FindingFilter, 'limit' | 'cursor'>,
  wording: Wording,
): AsyncGenerator<string[][]> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await listFindings(tx, { ...filter, cursor, limit: PAGE });
    const ids = items.map(({ id }) => id);
    const more = await ledgerRows(tx, ids);
    const said = await findExplanations(tx, ids);
    yield items.map((finding) => {
      const { id } = finding;
      const cells = ledgerCells({ finding, more: more.get(id) ?? null, said: said.get(id) ?? null }, wording);
      return COLUMNS.map((column) => cells[column]);
    });
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

const COLUMNS = Object.keys(FINDING_LEDGER).filter(
  (key): key is FindingLedgerColumn => key in FINDING_LEDGER,
);
