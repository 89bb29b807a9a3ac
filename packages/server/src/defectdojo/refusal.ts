import { PROBLEMS, problemTexts } from '@backcheck/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../platform/answer-problem.ts';
import type { Parts } from '../platform/parts.ts';

/** A refusal in the words and shape that a client of DefectDojo knows. */
export class DojoRefusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(JSON.stringify(body));
    this.name = 'DojoRefusal';
    this.status = status;
    this.body = body;
  }
}

/** DefectDojo answers 400 with `message` or with one list per field, 403 with `detail`, 500 with one sentence. */
export function dojoAnswerError({ maxUploadBytes }: Pick<Parts, 'maxUploadBytes'>) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof DojoRefusal) return reply.code(error.status).send(error.body);
    const problem = problemOf(error);
    if (problem === null || PROBLEMS[problem.code].status >= 500) {
      request.log.error({ err: error }, 'request failed');
      return reply.code(500).send({ message: 'Internal server error, check logs for details' });
    }
    if (problem.code === 'NOT_SIGNED_IN') {
      const missing = request.headers.authorization === undefined;
      const detail = missing ? 'Authentication credentials were not provided.' : 'Invalid token.';
      return reply.code(403).send({ detail });
    }
    if (problem.code === 'FILE_MISSING') return reply.code(400).send({ file: ['No file was submitted.'] });
    if (problem.code === 'FILE_TOO_LARGE') {
      const most = Math.floor(maxUploadBytes / 1024 / 1024);
      const message = `Report file is too large. Maximum supported size is ${most} MB`;
      return reply.code(400).send({ message });
    }
    if (problem.errors !== undefined) {
      const fields = Map.groupBy(problem.errors, ({ field }) => field);
      const body = [...fields].map(([field, errors]) => [field, errors.map(({ message }) => message)]);
      return reply.code(400).send(Object.fromEntries(body));
    }
    return reply.code(400).send({ message: problemTexts(problem.code, problem.facts).detail.en });
  };
}
