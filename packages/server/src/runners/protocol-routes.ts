import {
  Beat,
  BeatAnswer,
  Delivered,
  DeliverFields,
  RunnerHello,
  RunnerWelcome,
  TakenTasks,
  TakeTasks,
} from '@backcheck/contract';
import { z } from 'zod';
import { runnerOf } from '../platform/access/guard.ts';
import { type Form, readFields, receiveForm, validateAllButBody } from '../platform/files/receive-form.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { beat, greet, take } from './protocol.ts';
import { takeResult } from './results.ts';
import { viewTask } from './view.ts';

const tags = ['Runners'];
const config = { access: 'runner' } as const;

/** What a remote runner asks, with its key as `Authorization: Bearer bcr_…` (docs/retests.md). */
export function runnerProtocolRoutes(app: App, parts: Parts): void {
  app.post(
    '/runner/hello',
    {
      config,
      schema: {
        tags,
        summary: 'A runner says what it is and which tools it found',
        body: RunnerHello,
        response: { 200: RunnerWelcome, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const runner = runnerOf(request);
      await greet(parts, runner, { hello: request.body, address: request.ip });
      const serverTime = parts.clock().toISOString();
      return { runnerId: String(runner.runnerId), vantage: runner.vantage, serverTime };
    },
  );
  app.post(
    '/runner/take',
    {
      config,
      schema: {
        tags,
        summary: 'Take tasks that may run at this moment; each is leased for 15 seconds',
        body: TakeTasks,
        response: { 200: TakenTasks, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => ({
      tasks: (await take(parts, runnerOf(request), request.body.most)).map(viewTask),
    }),
  );
  app.post(
    '/runner/beat',
    {
      config,
      schema: {
        tags,
        summary: 'Renew leases; the answer names those that are to be stopped at once',
        body: Beat,
        response: { 200: BeatAnswer, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => ({ stop: await beat(parts, runnerOf(request), request.body.leases) }),
  );
  resultRoute(app, parts);
}

const RESULT_FORM: Form<z.infer<typeof DeliverFields>> = {
  read: readFields(DeliverFields),
  most: 1,
  longest: 100_000,
};

/** A form where there is a file, JSON where there is none. */
function resultRoute(app: App, parts: Parts): void {
  app.post(
    '/runner/results',
    {
      config,
      validatorCompiler: validateAllButBody,
      schema: {
        tags,
        summary: 'Hand in what a run found: a signed statement, and the scan file if there is one',
        consumes: ['multipart/form-data', 'application/json'],
        body: DeliverFields.extend({ file: z.file().optional().describe('The scan file') }),
        response: { 200: Delivered, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const runner = runnerOf(request);
      const address = request.ip;
      if (!request.isMultipart()) {
        const { result } = RESULT_FORM.read(Object(request.body));
        return { accepted: await takeResult(parts, runner, { envelope: result, file: null, address }) };
      }
      const { fields, file } = await receiveForm(request, parts, RESULT_FORM);
      return { accepted: await takeResult(parts, runner, { envelope: fields.result, file, address }) };
    },
  );
}
