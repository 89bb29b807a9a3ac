import {
  ProblemDocument,
  RegisterImport,
  RegisterImportList,
  type RegisterImportRow,
  RegisterImportRowList,
  type RowOutcome,
} from '@backcheck/contract';
import type { LightMyRequestResponse } from 'fastify';
import type { Visitor } from './running-app.ts';

const STEPS = ['staging', 'applying', 'undoing'];

/** Somebody who sends sheets, as the screen does. */
export class RegisterClient {
  readonly #visitor: Pick<Visitor, 'send' | 'get'>;

  constructor(visitor: Pick<Visitor, 'send' | 'get'>) {
    this.#visitor = visitor;
  }

  post(file: Uint8Array | string, fields: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    const payload = new FormData();
    for (const [name, value] of Object.entries(fields)) payload.set(name, value);
    payload.set('file', new Blob([typeof file === 'string' ? file : Buffer.from(file)]), 'register.xlsx');
    return this.#visitor.send({ method: 'POST', url: '/api/v1/register-imports', payload });
  }

  async upload(file: Uint8Array | string, fields: Record<string, string> = {}): Promise<RegisterImport> {
    return RegisterImport.parse((await this.post(file, fields)).json());
  }

  /** Takes the columns as they are proposed. */
  async map({ id, sheets }: RegisterImport): Promise<RegisterImport> {
    const payload = {
      sheets: sheets.map(({ kind, columns }) => ({ kind, columns: columns.map(({ field }) => field) })),
    };
    const answer = await this.#visitor.send({
      method: 'PUT',
      url: `/api/v1/register-imports/${id}/mapping`,
      payload,
    });
    RegisterImport.parse(answer.json());
    return this.settled(id);
  }

  async stage(file: Uint8Array | string, fields: Record<string, string> = {}): Promise<RegisterImport> {
    return this.map(await this.upload(file, fields));
  }

  ask(
    id: string,
    step: 'apply' | 'undo',
    payload: { skip?: string[] } = {},
  ): Promise<LightMyRequestResponse> {
    const body = step === 'apply' ? { payload } : {};
    return this.#visitor.send({ method: 'POST', url: `/api/v1/register-imports/${id}/${step}`, ...body });
  }

  async apply(id: string, payload: { skip?: string[] } = {}): Promise<RegisterImport> {
    RegisterImport.parse((await this.ask(id, 'apply', payload)).json());
    return this.settled(id);
  }

  async undo(id: string): Promise<RegisterImport> {
    RegisterImport.parse((await this.ask(id, 'undo')).json());
    return this.settled(id);
  }

  async refused(answer: Promise<LightMyRequestResponse>): Promise<ProblemDocument> {
    return ProblemDocument.parse((await answer).json());
  }

  /** As soon as its job has nothing left to do. */
  async settled(id: string): Promise<RegisterImport> {
    for (;;) {
      const one = RegisterImport.parse((await this.#visitor.get(`/api/v1/register-imports/${id}`)).json());
      if (!STEPS.includes(one.state)) return one;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async rows(id: string, outcome?: RowOutcome): Promise<RegisterImportRow[]> {
    const rows: RegisterImportRow[] = [];
    for (let cursor = ''; ; ) {
      const query = new URLSearchParams({
        limit: '100',
        ...(outcome && { outcome }),
        ...(cursor && { cursor }),
      });
      const answer = await this.#visitor.get(`/api/v1/register-imports/${id}/rows?${query}`);
      const page = RegisterImportRowList.parse(answer.json());
      rows.push(...page.items);
      if (page.nextCursor === null) return rows;
      cursor = page.nextCursor;
    }
  }

  async list(): Promise<RegisterImport[]> {
    const answer = await this.#visitor.get('/api/v1/register-imports');
    return RegisterImportList.parse(answer.json()).items;
  }

  async export(path: string): Promise<Buffer> {
    return (await this.#visitor.get(`/api/v1/registers/${path}`)).rawPayload;
  }
}
