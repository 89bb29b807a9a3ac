import { DojoAnswer, DojoFields } from '@backcheck/contract';
import {
  countDojoTest,
  type DojoTest,
  findImport,
  type ImportRow,
  insertDojoUpload,
  type Tx,
} from '@backcheck/db';
import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { createImport } from '../imports/create-import.ts';
import type { ScanUpload } from '../imports/receive-upload.ts';
import { viewImport } from '../imports/view.ts';
import { callerOf } from '../platform/access/guard.ts';
import { receiveForm, type Upload } from '../platform/files/receive-form.ts';
import type { App, Parts } from '../platform/parts.ts';
import { requestInvalid } from '../platform/problem.ts';
import { DojoRefusal, dojoAnswerError } from './refusal.ts';
import { statisticsOf } from './statistics.ts';
import { type Target, targetOfImport, targetOfReimport } from './target.ts';

/**
 * The two operations that clients of DefectDojo send scans to (docs/defectdojo.md). They answer when the import is
 * done, as those clients expect. What such a client asks to be closed is closed only by proof.
 */
export function defectdojoRoutes(app: App, parts: Parts): void {
  app.setErrorHandler(dojoAnswerError(parts));
  for (const operation of OPERATIONS) {
    const { path, summary } = operation;
    app.post(
      path,
      {
        config: { access: { object: 'import', action: 'create' } },
        validatorCompiler: unchecked,
        schema: {
          tags: ['DefectDojo'],
          summary,
          consumes: ['multipart/form-data'],
          body: DojoFields.extend({ file: z.file().describe('The scan file') }),
          response: { 201: DojoAnswer, default: REFUSAL },
        },
      },
      async (request, reply) => reply.code(201).send(await takeIn(parts, request, operation)),
    );
  }
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ detail: 'Not found.' }));
}

const REFUSAL = {
  description:
    'A refusal, as DefectDojo words it: `message`, `detail`, or a list of sentences for each field',
  content: { 'application/json': { schema: z.looseObject({}) } },
};

type FindTarget = (request: FastifyRequest, fields: DojoFields) => Promise<Target>;

interface Operation {
  readonly path: string;
  readonly summary: string;
  readonly target: FindTarget;
  /** DefectDojo's default of `close_old_findings`, which clients read back; here only proof closes. */
  readonly closesOld: boolean;
}

const OPERATIONS: readonly Operation[] = [
  { path: '/import-scan/', summary: 'Import a scan as a new test', target: targetOfImport, closesOld: false },
  {
    path: '/reimport-scan/',
    summary: 'Import a scan into a test that there is',
    target: targetOfReimport,
    closesOld: true,
  },
];

/** The form is read as a stream and checked there; its schema stands for the OpenAPI document. */
const unchecked: FastifySchemaCompiler<unknown> = () => () => true;

/** A client of DefectDojo may fill in any of its forty fields. */
const FORM = { read: readFields, most: 60 };

function readFields(fields: Readonly<Record<string, unknown>>): DojoFields {
  // Many clients send every field they know, most of them empty.
  const filled = Object.entries(fields).filter(([, value]) => value !== '');
  const read = DojoFields.safeParse(Object.fromEntries(filled));
  if (read.success) return read.data;
  throw requestInvalid(read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
}

async function takeIn(parts: Parts, request: FastifyRequest, operation: Operation): Promise<DojoAnswer> {
  const upload = await receiveForm(request, parts, FORM);
  const fields = {
    ...upload.fields,
    close_old_findings: upload.fields.close_old_findings ?? operation.closesOld,
  };
  let row: ImportRow;
  let target: Target;
  try {
    refuseFutureDate(fields, parts.clock());
    target = await operation.target(request, fields);
    row = await queue(request, upload, { target, now: parts.clock() });
  } catch (error) {
    await upload.file.drop();
    throw error;
  }
  const done = await settled(request, row.importId);
  return request.inScope(async (tx) => {
    const test = await target.test(tx);
    await insertDojoUpload(tx, test, done.importId);
    return answerOf(tx, { fields, test, row: done, isNew: target.isNew });
  });
}

function refuseFutureDate({ scan_date: date }: DojoFields, now: Date): void {
  // A day that has begun somewhere on earth is not in the future.
  const latest = new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
  if (date !== undefined && date.slice(0, 10) > latest)
    throw new DojoRefusal(400, { scan_date: ['The scan_date cannot be in the future!'] });
}

/** A day alone is no time at which a scan was made; a whole instant, which DefectDojo does not know, is. */
function declaredTime({ scan_date: date = '' }: DojoFields): string | undefined {
  const instant = z.iso.datetime({ offset: true }).safeParse(date);
  return instant.success ? new Date(instant.data).toISOString() : undefined;
}

function queue(
  request: FastifyRequest,
  { file, fileName, fields }: Upload<DojoFields>,
  { target, now }: { readonly target: Target; readonly now: Date },
): Promise<ImportRow> {
  const declaredAt = declaredTime(fields);
  const upload: ScanUpload = {
    file,
    fileName,
    fields: {
      organizationId: String(target.engagement.organizationId),
      vantage: 'main',
      declaredBy: 'coordinator',
      submittedBy: 'coordinator',
      confirm: 'true',
      ...(declaredAt === undefined ? {} : { declaredAt }),
    },
  };
  const sender = { accountId: callerOf(request).account.accountId, key: null };
  return request.inScope((tx) => createImport(tx, now, { upload, sender }));
}

const BETWEEN_LOOKS = 100;
/** Clients wait as long as their proxy lets them; the import goes on without them. */
const LONGEST_WAIT = 30 * 60_000;

async function settled(request: FastifyRequest, importId: string): Promise<ImportRow> {
  for (let waited = 0; waited < LONGEST_WAIT; waited += BETWEEN_LOOKS) {
    const row = await request.inScope((tx) => findImport(tx, importId));
    if (row?.state === 'done') return row;
    if (row?.state === 'refused') {
      const { problem } = viewImport(row);
      const where = problem?.position === undefined ? '' : ` (${problem.position})`;
      throw new DojoRefusal(400, { message: `${problem?.detail.en ?? 'The file was refused'}${where}` });
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS));
  }
  throw new DojoRefusal(503, {
    message: `Import ${importId} is still running; look at it on the page Import`,
  });
}

interface Finished {
  readonly fields: DojoFields;
  readonly test: DojoTest;
  readonly row: ImportRow;
  readonly isNew: boolean;
}

async function answerOf(tx: Tx, { fields, test, row, isNew }: Finished): Promise<DojoAnswer> {
  const { scanId, alreadyImported, importId } = row;
  if (scanId === null) throw new Error(`Import ${importId} is done and has no scan`);
  const counts = await countDojoTest(tx, test, { scanId, alreadyImported });
  const { statistics, absentNotCovered } = statisticsOf(counts, isNew);
  return {
    ...fields,
    file: null,
    test: test.testId,
    test_id: test.testId,
    test_title: test.title,
    engagement: test.engagementId,
    engagement_id: test.engagementId,
    product_id: test.organizationId,
    product_type_id: test.productTypeId,
    statistics,
    deduplication_complete: true,
    pro: [],
    backcheck: {
      import_id: importId,
      already_imported: alreadyImported,
      absent_not_covered: absentNotCovered,
    },
  };
}
