import { Readable } from 'node:stream';
import { ById } from '@backcheck/contract';
import { Server } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { PartStore } from './part-store.ts';

/** Answers a request of tus 1.0 (https://tus.io/protocols/resumable-upload), as Fastify has it. */
export type AnswerTus = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** What our side adds to the protocol. */
interface Steps {
  /** Gives the new upload an id, or refuses it. */
  readonly begin: (request: FastifyRequest, upload: NewUpload) => Promise<string>;
  /** All of it has arrived. */
  readonly finish: (request: FastifyRequest, id: string) => Promise<void>;
}

export interface NewUpload {
  readonly sizeBytes: number;
  readonly fileName: string;
}

export const UPLOADS_PATH = '/api/v1/uploads';

/** Only what the protocol speaks of: a proxy's headers are none of its business. */
const SPOKEN = /^(tus-resumable|upload-[a-z-]+|content-type|content-length)$/;

/**
 * @tus/server behind Fastify: it is given a request as the web has it and its answer is sent by Fastify, so that sign-in,
 * access, the audit log and our form of refusals hold here as everywhere.
 */
export function answerTus(
  { evidence: { uploads, mostBytes }, widePool }: Pick<Parts, 'evidence' | 'widePool'>,
  { begin, finish }: Steps,
): AnswerTus {
  const origins = new WeakMap<Request, FastifyRequest>();
  const originOf = (request: Request): FastifyRequest => {
    const origin = origins.get(request);
    if (origin === undefined) throw new Error('A request of tus that did not come through Fastify');
    return origin;
  };
  const server = new Server({
    path: UPLOADS_PATH,
    relativeLocation: true,
    maxSize: mostBytes,
    // Its own reading takes an id for none that also stands in the path, such as the 1 of /api/v1.
    getFileIdFromRequest: (request) => idOf(originOf(request)),
    datastore: new PartStore(uploads, widePool),
    namingFunction: (request, metadata) =>
      begin(originOf(request), {
        sizeBytes: Number(request.headers.get('upload-length')),
        fileName: metadata?.['filename'] ?? '',
      }),
    onUploadFinish: async (request, { id }) => {
      await finish(originOf(request), id);
      return {};
    },
    // Thrown on, to Fastify: it knows our refusals and logs our faults.
    onResponseError: (_request, error) => {
      throw error;
    },
  });
  return async (request, reply) => {
    const asked = asWebRequest(request);
    origins.set(asked, request);
    const answer = await server.handleWeb(asked).catch((error: unknown) => {
      throw problemOf(error, mostBytes);
    });
    if (answer.status >= 400) throw protocolBroken(await answer.text());
    for (const [name, value] of answer.headers) {
      if (!/^(access-control-|content-length)/.test(name)) void reply.header(name, value);
    }
    return reply.code(answer.status).send();
  };
}

function idOf({ params }: FastifyRequest): string | undefined {
  return ById.safeParse(params).data?.id;
}

function asWebRequest({ raw, method, url, headers }: FastifyRequest): Request {
  const spoken = Object.entries(headers).filter(([name]) => SPOKEN.test(name));
  return new Request(new URL(url, 'http://uploads'), {
    method,
    headers: spoken.map(([name, value]) => [name, String(value)]),
    ...(method === 'PATCH' || method === 'POST' ? { body: Readable.toWeb(raw), duplex: 'half' } : {}),
  });
}

const protocolBroken = (message: string): Problem =>
  new Problem('UPLOAD_PROTOCOL', { message: message.trim() });

/** Its errors are objects with a status and a text; what is none of them is a refusal or a fault of ours. */
function problemOf(error: unknown, most: number): unknown {
  if (error instanceof Problem || typeof error !== 'object' || error === null) return error;
  if (!('status_code' in error) || !('body' in error)) return error;
  const message = String(error.body);
  switch (error.status_code) {
    case 404:
    case 410:
      return new Problem('NOT_FOUND');
    case 409:
      return new Problem('UPLOAD_OFFSET');
    case 413:
      return new Problem('UPLOAD_TOO_LARGE', { most });
    case 500:
      return new Error(`@tus/server: ${message}`);
    default:
      return protocolBroken(message);
  }
}
