import { type Import, type ImportProblem, PROBLEM_CODES, problemTexts, Sheet } from '@backcheck/contract';
import type { ImportRow, StoredProblem } from '@backcheck/db';

const instant = (time: Date | null): string | null => time?.toISOString() ?? null;

export function viewImport(row: ImportRow): Import {
  return {
    id: row.importId,
    organizationId: String(row.organizationId),
    organization: row.organization,
    fileName: row.fileName,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.sha256,
    state: row.state,
    progress: {
      bytesRead: Number(row.bytesRead),
      bytesTotal: Number(row.sizeBytes),
      observations: Number(row.observations),
    },
    format: row.format,
    tool: row.tool,
    scanStartedAt: instant(row.scanStartedAt),
    timeSource: row.timeSource,
    declaredAt: instant(row.declaredAt),
    declaredBy: row.declaredBy,
    vantage: row.vantage,
    submittedBy: row.submittedBy,
    scanProfileId: row.scanProfileId === null ? null : String(row.scanProfileId),
    createdAt: row.createdAt.toISOString(),
    finishedAt: instant(row.finishedAt),
    scanId: row.scanId,
    alreadyImported: row.alreadyImported,
    problem: row.problem === null ? null : viewProblem(row.problem),
    sheet: row.sheet === null ? null : Sheet.parse(row.sheet),
  };
}

function viewProblem({ code, facts, position }: StoredProblem): ImportProblem {
  const known = PROBLEM_CODES.find((one) => one === code);
  if (known === undefined)
    throw new Error(`An import holds the problem code ${code}, which the contract does not`);
  return { code: known, ...problemTexts(known, facts), ...(position === undefined ? {} : { position }) };
}
