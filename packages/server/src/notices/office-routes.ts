import {
  ById,
  NoticeOffice,
  NoticeOfficeContent,
  NoticeOfficeQuery,
  NoticeSampleQuery,
  NoticeTemplate,
  NoticeTemplateFields,
  NoticeTemplateList,
} from '@backcheck/contract';
import { DEFAULT_OFFICE, makesSameNumbers, NOTICE_KINDS, numbersLike } from '@backcheck/core';
import {
  findOffice,
  findTemplate,
  insertOffice,
  insertTemplate,
  listOffices,
  listTemplates,
  mayLieBelow,
  type NoticeTemplateRow,
  numbersElsewhere,
  retireTemplate,
  type Tx,
} from '@backcheck/db';
import { z } from 'zod';
import { passScanner } from '../evidence/pass-scanner.ts';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { readFields, validateAllButBody } from '../platform/files/receive-form.ts';
import { FILE_RESPONSE, sendFile } from '../platform/files/send-file.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { checkTemplate } from './paper/check-template.ts';
import { receiveTemplate } from './paper/receive-template.ts';
import { sampleTemplate } from './paper/sample-template.ts';
import { DOCX, sendPaper } from './paper/send-paper.ts';

const TAGS = ['Notices'];
const READ = { object: 'notice', action: 'read' } as const;
/** The coordinator's: of the roles of an organization's side none may update notices. */
const UPDATE = { object: 'notice', action: 'update' } as const;
/** More of the history is not shown. */
const MOST_OFFICES = 50;

export function noticeOfficeRoutes(app: App, parts: Parts): void {
  officeRoutes(app, parts);
  takeTemplateRoute(app, parts);
  listTemplatesRoute(app);
  readTemplateRoutes(app, parts);
  retireTemplateRoute(app, parts);
}

const nodeOf = ({ organizationId }: { organizationId?: string | undefined }): number | null =>
  organizationId === undefined ? null : Number(organizationId);

/** What holds for the installation is set by who sees all of it. */
async function refuseNode(tx: Tx, node: number | null): Promise<void> {
  if (!(await mayLieBelow(tx, node))) throw new Problem(node === null ? 'FORBIDDEN' : 'NOT_FOUND');
}

function officeRoutes(app: App, { clock }: Parts): void {
  app.get(
    '/notice-office',
    {
      config: { access: READ },
      schema: {
        tags: TAGS,
        summary:
          'Who issues notices at a node of the tree, with which numbers and words, and what was set before',
        querystring: NoticeOfficeQuery,
        response: { 200: NoticeOffice, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => request.inScope((tx) => viewOffice(tx, nodeOf(request.query))),
  );

  app.put(
    '/notice-office',
    {
      config: { access: UPDATE },
      schema: {
        tags: TAGS,
        summary: 'Set it; notices that were issued keep their words and numbers',
        querystring: NoticeOfficeQuery,
        body: NoticeOfficeContent,
        response: { 200: NoticeOffice, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).account;
      const organizationId = nodeOf(request.query);
      const setAt = clock().toISOString();
      return request.inScope(async (tx) => {
        await refuseNode(tx, organizationId);
        await refuseShared(tx, organizationId, request.body.numbers);
        await insertOffice(tx, request.body, { organizationId, setBy: accountId, setAt });
        return viewOffice(tx, organizationId);
      });
    },
  );
}

/** One number must not stand on papers of two series. @throws Problem NOTICE_NUMBERS_SHARED */
async function refuseShared(
  tx: Tx,
  node: number | null,
  numbers: NoticeOfficeContent['numbers'],
): Promise<void> {
  const looks = NOTICE_KINDS.map((kind) => [kind, numbersLike(numbers[kind])]);
  const { printed, held } = await numbersElsewhere(tx, node, Object.fromEntries(looks));
  const shared = NOTICE_KINDS.filter(
    (kind) => printed.includes(kind) || held.some((pattern) => makesSameNumbers(pattern, numbers[kind])),
  );
  if (shared.length === 0) return;
  const patterns = shared.map((kind) => numbers[kind]).join(', ');
  const errors = shared.map((kind) => ({ field: `numbers.${kind}`, message: 'SHARED' }));
  throw new Problem('NOTICE_NUMBERS_SHARED', { patterns }, errors);
}

async function viewOffice(tx: Tx, node: number | null): Promise<NoticeOffice> {
  if (node !== null) await refuseNode(tx, node);
  const inForce = await findOffice(tx, node);
  const history = await listOffices(tx, node, MOST_OFFICES);
  const here = inForce?.organizationId === node ? 'here' : 'above';
  return {
    office: inForce?.office ?? DEFAULT_OFFICE,
    heldBy: inForce === null ? 'nobody' : here,
    history: history.map(({ office, setBy, setAt }) => ({ office, setBy, setAt })),
  };
}

function takeTemplateRoute(app: App, parts: Parts): void {
  app.post(
    '/notice-templates',
    {
      config: { access: UPDATE },
      validatorCompiler: validateAllButBody,
      schema: {
        tags: TAGS,
        summary: "Take in the office's own DOCX for one kind of paper in one language; it is tried first",
        consumes: ['multipart/form-data'],
        body: NoticeTemplateFields.extend({ file: z.file() }),
        response: { 201: NoticeTemplate, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).account;
      const { file, fileName, fields, bytes } = await receiveTemplate(
        request,
        parts,
        readFields(NoticeTemplateFields),
      );
      const organizationId = nodeOf(fields);
      if (organizationId !== null) request.audit.organizationId = organizationId;
      try {
        await checkTemplate(bytes, fields);
        // before the scanner puts it into the store: nobody fills that who may not add it
        await request.inScope((tx) => refuseNode(tx, organizationId));
        await passScanner(parts, { file, fileName });
        const row = await request.inScope(async (tx) => {
          await refuseNode(tx, organizationId);
          await file.keep();
          const id = await insertTemplate(tx, {
            ...fields,
            organizationId,
            file: { fileName, sizeBytes: file.sizeBytes, sha256: file.sha256 },
            takenInBy: accountId,
            takenInAt: parts.clock().toISOString(),
          });
          request.audit.objectId = id;
          return found(await findTemplate(tx, id));
        });
        return reply.code(201).send(viewTemplate(row, true));
      } catch (error) {
        await file.drop();
        throw error;
      }
    },
  );
}

function listTemplatesRoute(app: App): void {
  app.get(
    '/notice-templates',
    {
      config: { access: UPDATE },
      schema: {
        tags: TAGS,
        summary: 'The templates of a node of the tree that are not retired',
        querystring: NoticeOfficeQuery,
        response: { 200: NoticeTemplateList, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const node = nodeOf(request.query);
      const rows = await request.inScope(async (tx) => {
        if (node !== null) await refuseNode(tx, node);
        return listTemplates(tx, node);
      });
      // in the order of kind and language, the latest first
      return {
        items: rows.map((row, index) => {
          const before = rows[index - 1];
          return viewTemplate(row, before?.kind !== row.kind || before.language !== row.language);
        }),
      };
    },
  );
}

function readTemplateRoutes(app: App, { files }: Parts): void {
  app.get(
    '/notice-templates/sample',
    {
      config: { access: UPDATE },
      schema: {
        tags: TAGS,
        summary: 'A template to begin with: every tag that a paper of the kind needs',
        querystring: NoticeSampleQuery,
        response: {
          200: { description: 'DOCX', content: { [DOCX]: { schema: z.string() } } },
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const { kind, language } = request.query;
      const name = `template-${kind}-${language}.docx`;
      return sendPaper(reply, await sampleTemplate(kind, language), { type: DOCX, name });
    },
  );

  app.get(
    '/notice-templates/:id/document',
    {
      config: { access: UPDATE },
      schema: {
        tags: TAGS,
        summary: 'The template as it was uploaded',
        params: ById,
        response: { ...FILE_RESPONSE, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const row = await request.inScope(async (tx) => found(await findTemplate(tx, request.params.id)));
      return sendFile(reply, files, row);
    },
  );
}

function retireTemplateRoute(app: App, { clock }: Parts): void {
  app.delete(
    '/notice-templates/:id',
    {
      config: { access: UPDATE },
      schema: {
        tags: TAGS,
        summary: 'Retire a template; the one before it, or our own layout, is used again',
        params: ById,
        response: { 204: z.null(), ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await request.inScope(async (tx) => {
        const { organizationId } = found(await findTemplate(tx, id));
        await refuseNode(tx, organizationId);
        if (organizationId !== null) request.audit.organizationId = organizationId;
        if (!(await retireTemplate(tx, id, clock().toISOString()))) throw new Problem('NOT_FOUND');
      });
      return reply.code(204).send(null);
    },
  );
}

const viewTemplate = (
  { organizationId, retiredAt: _, ...row }: NoticeTemplateRow,
  inUse: boolean,
): NoticeTemplate => ({
  ...row,
  organizationId: organizationId === null ? null : String(organizationId),
  inUse,
});
