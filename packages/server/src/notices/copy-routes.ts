import { ById, NoticeCopyFields, NoticeCopyParams, NoticeDetail } from '@backcheck/contract';
import { findNotice, insertNoticeCopy, listNoticeCopies, seesOrganization } from '@backcheck/db';
import { z } from 'zod';
import { passScanner } from '../evidence/pass-scanner.ts';
import { found } from '../organizations/refusal.ts';
import { callerOf } from '../platform/access/guard.ts';
import { readFields, receiveForm, validateAllButBody } from '../platform/files/receive-form.ts';
import { FILE_RESPONSE, sendFile } from '../platform/files/send-file.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { lockedNotice } from './ready.ts';
import { viewNoticeDetail } from './view.ts';

const TAGS = ['Notices'];

/** Papers that came back signed and stamped, as many files as there are. */
export function noticeCopyRoutes(app: App, parts: Parts): void {
  addRoute(app, parts);
  readRoute(app, parts);
}

function addRoute(app: App, parts: Parts): void {
  app.post(
    '/notices/:id/copies',
    {
      config: { access: { object: 'notice', action: 'update' } },
      validatorCompiler: validateAllButBody,
      schema: {
        tags: TAGS,
        summary: 'Add a scan of the signed paper to an issued notice, of any kind of file',
        consumes: ['multipart/form-data'],
        params: ById,
        body: NoticeCopyFields.extend({ file: z.file() }),
        response: { 201: NoticeDetail, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request).account;
      const { id } = request.params;
      const { file, fileName, fields } = await receiveForm(request, parts, {
        read: readFields(NoticeCopyFields),
        most: 1,
      });
      const now = parts.clock();
      try {
        // before the scanner puts it into the store: nobody fills that who may not add it
        await request.inScope(async (tx) => found(await findNotice(tx, id)));
        await passScanner(parts, { file, fileName });
        const detail = await request.inScope(async (tx) => {
          const notice = await lockedNotice(tx, request, id);
          if (notice.number === null) throw new Problem('NOTICE_NOT_READY', { state: notice.state });
          await file.keep();
          await insertNoticeCopy(tx, {
            ...notice,
            fileName,
            sizeBytes: file.sizeBytes,
            sha256: file.sha256,
            note: fields.note ?? null,
            addedBy: accountId,
            addedAt: now.toISOString(),
          });
          return viewNoticeDetail(tx, request, { id, now });
        });
        return reply.code(201).send(detail);
      } catch (error) {
        await file.drop();
        throw error;
      }
    },
  );
}

function readRoute(app: App, { files }: Parts): void {
  app.get(
    '/notices/:id/copies/:no',
    {
      config: { access: { object: 'notice', action: 'read' }, audited: true },
      schema: {
        tags: TAGS,
        summary: 'One scan of the signed paper',
        params: NoticeCopyParams,
        response: { ...FILE_RESPONSE, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => {
      const { id, no } = request.params;
      const copy = await request.inScope(async (tx) => {
        const { organizationId } = found(await findNotice(tx, id));
        request.audit.organizationId = organizationId;
        // As the paper that was signed: it is whole or it is none.
        if (!(await seesOrganization(tx, organizationId))) throw new Problem('NOTICE_PAPER_WHOLE');
        return found((await listNoticeCopies(tx, id)).find((one) => one.no === no) ?? null);
      });
      return sendFile(reply, files, copy);
    },
  );
}
