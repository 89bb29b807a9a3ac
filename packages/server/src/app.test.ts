import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Asset, Finding, Import, Organization, Session } from '@backcheck/contract';
import { createPool } from '@backcheck/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningApp } from './testing/running-app.ts';

const screens = mkdtempSync(join(tmpdir(), 'backcheck-screens-'));
afterAll(() => rmSync(screens, { recursive: true }));

let running: RunningApp;
beforeAll(async () => {
  mkdirSync(join(screens, 'assets'));
  writeFileSync(join(screens, 'index.html'), '<!doctype html><title>Backcheck</title>');
  writeFileSync(join(screens, 'assets/index-1a2b.js'), 'export {};');
  running = await RunningApp.start({ webFolder: screens });
});

const page = { accept: 'text/html' };

describe('the screens', () => {
  it('answer every address that a person may open or reload', async () => {
    for (const url of ['/', '/findings', '/findings/42', '/imports?state=ready']) {
      const answer = await running.app.inject({ url, headers: page });
      expect([url, answer.statusCode, answer.body]).toEqual([url, 200, expect.stringContaining('Backcheck')]);
      expect(answer.headers['cache-control']).toBe('no-cache');
    }
  });

  it('let browsers keep what is named by its content', async () => {
    const answer = await running.app.inject({ url: '/assets/index-1a2b.js' });
    expect(answer.headers['cache-control']).toContain('immutable');
  });

  it.each(['/assets/gone.js', '/api/v2/nothing', '/../../package.json', '/%2e%2e/secret'])(
    'do not answer %s',
    async (url) => {
      const answer = await running.app.inject({ url });
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'NOT_FOUND']);
    },
  );

  it('run no script and show in no frame of another site', async () => {
    const policy = String(
      (await running.app.inject({ url: '/', headers: page })).headers['content-security-policy'],
    );
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });
});

describe('a refusal', () => {
  it('speaks the language that was asked for and carries both', async () => {
    const ask = async (language: string) =>
      (await running.app.inject({ url: '/api/v1/session', headers: { 'accept-language': language } })).json();
    const [zh, en] = [await ask('zh-CN,zh;q=0.9,en;q=0.8'), await ask('de, en;q=0.5, zh;q=0.1')];
    expect(zh.title).toBe(zh.texts.title.zh);
    expect(en.title).toBe(en.texts.title.en);
    expect(zh.texts).toEqual(en.texts);
  });

  it('of broken JSON says what is wrong', async () => {
    const answer = await running.send({
      method: 'POST',
      url: '/api/v1/organizations',
      headers: { 'content-type': 'application/json' },
      payload: '{"name":',
    });
    expect(answer.json()).toMatchObject({ code: 'REQUEST_INVALID', status: 400 });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('of a form where JSON is needed names what is needed', async () => {
    const answer = await running.send({
      method: 'POST',
      url: '/api/v1/organizations',
      headers: { 'content-type': 'text/xml' },
      payload: '<a/>',
    });
    expect(answer.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', status: 415 });
  });

  it('of a huge body comes before it is read', async () => {
    const payload = { name: 'x'.repeat(2_000_000) };
    const answer = await running.send({ method: 'POST', url: '/api/v1/organizations', payload });
    expect(answer.json()).toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
  });

  it('of a taken name is a conflict, not a second organization', async () => {
    await running.organization('Waterworks');
    const again = await running.refused({
      method: 'POST',
      url: '/api/v1/organizations',
      payload: { name: 'Waterworks' },
    });
    expect(again).toMatchObject({ code: 'ORGANIZATION_NAME_TAKEN', status: 409 });
    expect(again.detail).toContain('Waterworks');
  });
});

describe('when the database is away', () => {
  it('the health check fails and requests are told to come again', async () => {
    const pool = createPool({ connectionString: 'postgresql://nobody@/nowhere?host=/nonexistent' });
    const lost = await RunningApp.start({ pool, widePool: pool }, { signedIn: false, signIn: { pool } });
    for (const url of ['/healthz', '/sign-in?token=x']) {
      const answer = await lost.app.inject({ url });
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'TEMPORARILY_UNAVAILABLE']);
    }
    expect((await running.app.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' });
  });
});

describe('the OpenAPI document', () => {
  it('describes every operation: what it is for, how it answers, how it refuses', async () => {
    const document = (await running.app.inject({ url: '/api/openapi.json' })).json();
    expect(document.openapi).toBe('3.1.1');
    const tags = new Set(document.tags.map(({ name }: { name: string }) => name));
    for (const [path, methods] of Object.entries<
      Record<string, { summary: string; tags: string[]; responses: object }>
    >(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const name = `${method} ${path}`;
        expect([name, operation.summary]).toEqual([name, expect.stringMatching(/\S/)]);
        expect([name, operation.tags.every((tag) => tags.has(tag))]).toEqual([name, true]);
        expect([name, Object.keys(operation.responses)]).toEqual([
          name,
          [expect.stringMatching(/^[23]\d\d$/), 'default'],
        ]);
      }
    }
  });

  it('shows examples that its own schemas accept', () => {
    for (const schema of [Asset, Finding, Import, Organization, Session]) {
      expect(schema.parse(schema.meta()?.example)).toEqual(schema.meta()?.example);
    }
  });

  it('refers only to schemas that it holds, each once', async () => {
    const { body } = await running.app.inject({ url: '/api/openapi.json' });
    const { components } = JSON.parse(body);
    const used = new Set([...body.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(components.schemas).sort());
    expect([...used].filter((name) => name?.endsWith('Input'))).toEqual([]);
  });
});
