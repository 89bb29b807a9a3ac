import { ById, BySha256, IssuedPaper, NOTICE_KIND_LABELS, NoticePaperQuery } from '@backcheck/contract';
import { type NoticeContent, type PaperLanguage, sha256Hex } from '@backcheck/core';
import {
  findIssuedPaper,
  findNotice,
  type NoticeRow,
  type NoticeTemplateRow,
  noticeWords,
  seesOrganization,
  type Tx,
  templateInForce,
} from '@backcheck/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { found } from '../organizations/refusal.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { countGuess } from '../platform/sign-in/throttle.ts';
import { checkAddress } from './paper/press-notice.ts';
import { readStored } from './paper/read-stored.ts';
import { DOCX, PDF, sendPaper } from './paper/send-paper.ts';
import { setNotice } from './paper/set-notice.ts';
import type { Print } from './paper/sheet.ts';
import { contentOfNotice, viewLedger } from './view.ts';

const TAGS = ['Notices'];

export function noticePaperRoutes(app: App, parts: Parts): void {
  paperRoute(app, parts);
  checkRoute(app, parts);
}

function paperRoute(app: App, parts: Parts): void {
  app.get(
    '/notices/:id/paper',
    {
      config: { access: { object: 'notice', action: 'read' }, audited: true },
      schema: {
        tags: TAGS,
        summary:
          'A notice to print (PDF, A4) or to edit (DOCX); before it is issued a draft without number and code',
        params: ById,
        querystring: NoticePaperQuery,
        response: {
          200: {
            description: 'The paper; the same bytes as long as it stands',
            content: { [PDF]: { schema: z.string() }, [DOCX]: { schema: z.string() } },
          },
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const { format, template: wanted, ...asked } = request.query;
      const paper = await request.inScope((tx) => paperOf(tx, parts, { id: request.params.id, ...asked }));
      const { notice, content, print, template } = paper;
      request.audit.organizationId = notice.organizationId;
      const name = [NOTICE_KIND_LABELS[notice.kind].zh, notice.number ?? '草稿'].join('-');
      if (format === 'pdf') {
        const bytes = await setNotice({ content, print, as: 'pdf' });
        return sendPaper(reply, bytes, { type: PDF, name: `${name}.pdf` });
      }
      const as =
        template === null || wanted === 'own'
          ? 'docx'
          : { template: await readStored(parts.files, template.sha256) };
      const bytes = await setNotice({ content, print, as });
      return sendPaper(reply, bytes, { type: DOCX, name: `${name}.docx` });
    },
  );
}

interface Paper {
  readonly notice: NoticeRow;
  readonly content: NoticeContent;
  readonly print: Print;
  /** The office's own for this kind and language. */
  readonly template: NoticeTemplateRow | null;
}

async function paperOf(
  tx: Tx,
  { clock, signIn: { publicUrl } }: Pick<Parts, 'clock' | 'signIn'>,
  { id, language: wanted }: { readonly id: string; readonly language?: PaperLanguage | undefined },
): Promise<Paper> {
  const notice = found(await findNotice(tx, id));
  const words = found(await noticeWords(tx, id));
  // A paper is whole or it is none: nobody gets one that names what they may not see.
  if (!(await seesOrganization(tx, notice.organizationId))) throw new Problem('NOTICE_PAPER_WHOLE');
  const content = await contentOfNotice(tx, words, clock());
  const language = wanted ?? content.language;
  if (content.language !== 'both' && language !== content.language)
    throw new Problem('NOTICE_LANGUAGE_MISSING', { written: content.language, language });
  const sha256 = words.content === null ? null : sha256Hex(words.content);
  const print = {
    language,
    sha256,
    checkUrl: sha256 === null ? '' : checkAddress(sha256, publicUrl),
    stamp: stampOf(notice.state),
  };
  const { organizationId, kind } = notice;
  return { notice, content, print, template: await templateInForce(tx, { organizationId, kind, language }) };
}

function stampOf(state: NoticeRow['state']): Print['stamp'] {
  if (state === 'issued') return null;
  return state === 'withdrawn' || state === 'superseded' ? state : 'draft';
}

function checkRoute(app: App, parts: Parts): void {
  app.get(
    '/notice-papers/:sha256',
    {
      config: { access: 'anyone' },
      schema: {
        tags: TAGS,
        summary: 'Whether a paper in hand is genuine and still stands, by the SHA-256 on it; without sign-in',
        params: BySha256,
        response: { 200: IssuedPaper, ...PROBLEM_RESPONSES },
      },
    },
    async (request, reply) => issuedPaper(parts, request, reply),
  );
}

/** A hash that nobody was given counts as a wrong password does: whoever tries many must wait. */
async function issuedPaper(
  { widePool, signIn, clock }: Parts,
  request: FastifyRequest<{ Params: BySha256 }>,
  reply: FastifyReply,
): Promise<IssuedPaper> {
  const guess = await countGuess(
    { pool: signIn.pool, secret: signIn.secret, now: clock(), request, reply },
    'notice by hash',
  );
  // Of any organization: that somebody has the hash is the permission.
  const paper = await findIssuedPaper(widePool, request.params.sha256);
  if (paper === null) throw new Problem('NOTICE_PAPER_UNKNOWN');
  await guess.succeeded();
  const { content, organizationId, noticeId, ...known } = paper;
  const { authority, timeZone } = JSON.parse(content) as NoticeContent;
  const { issuedAt } = known;
  const ledger = await viewLedger(widePool, { organizationId, noticeId, issuedAt, text: content });
  return { ...known, authority, timeZone, ledger };
}
