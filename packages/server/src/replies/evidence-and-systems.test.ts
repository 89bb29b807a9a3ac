import type { ReplyDetail } from '@backcheck/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { INTERIM, inDays, OBJECTION, ReplyLab } from './replies.fixture.ts';

let lab: ReplyLab;
beforeAll(async () => {
  lab = await ReplyLab.open();
});

describe('evidence', () => {
  const files = ({ evidence }: ReplyDetail) => evidence.map(({ no, fileName }) => [no, fileName]);

  test('goes with the reply, or to it until it is decided, and comes back byte for byte', async () => {
    const finding = await lab.finding('low');
    const uploadIds = [await lab.upload(lab.liaison, 'allow 192.0.2.9', '防火墙.txt')];
    const made = await lab.reply(lab.liaison, finding, { ...INTERIM, uploadIds });
    const uploadId = await lab.upload(lab.securityLead, 'a second file', 'log.txt');
    const more = await lab.step(lab.securityLead, made, 'evidence', { uploadId });
    expect(files(more)).toEqual([
      [1, '防火墙.txt'],
      [2, 'log.txt'],
    ]);
    const read = await lab.analyst.get(`/api/v1/replies/${made.id}/evidence/1`);
    expect([read.statusCode, read.body]).toEqual([200, 'allow 192.0.2.9']);
    expect((await lab.analyst.get(`/api/v1/replies/${made.id}/evidence/3`)).statusCode).toBe(404);
    const { items } = (await lab.running.get('/api/v1/audit?object=reply&limit=10')).json();
    expect(items[0].details.operation).toBe('GET /api/v1/replies/:id/evidence/:no');
    await lab.step(lab.analyst, made, 'verify', { verified: true, text: 'it holds' });
    const late = await lab.upload(lab.liaison, 'too late', 'late.txt');
    await expect(lab.step(lab.liaison, made, 'evidence', { uploadId: late })).rejects.toThrow('REPLY_STATE');
  });

  test('of a reply that is refused is not taken, and can go with the next one', async () => {
    const finding = await lab.finding('low');
    const uploadIds = [await lab.upload(lab.liaison, 'proof', 'proof.txt')];
    await lab.reply(lab.liaison, finding, INTERIM);
    await expect(lab.reply(lab.liaison, finding, { ...INTERIM, uploadIds })).rejects.toThrow('REPLY_PENDING');
    expect(files(await lab.reply(lab.liaison, finding, { ...OBJECTION, uploadIds }))).toEqual([
      [1, 'proof.txt'],
    ]);
  });

  test('is not taken from somebody else', async () => {
    const finding = await lab.finding('low');
    const uploadIds = [await lab.upload(lab.securityLead, 'theirs', 'theirs.txt')];
    await expect(lab.reply(lab.liaison, finding, { ...INTERIM, uploadIds })).rejects.toThrow(
      'UPLOAD_UNKNOWN',
    );
    const { replies } = (await lab.liaison.get(`/api/v1/findings/${finding.id}/replies`)).json();
    expect(replies).toEqual([]);
  });
});

describe('who has one system only', () => {
  test('answers for what is in it, and what they say counts for the organization', async () => {
    const [own, beside] = [await lab.finding('low'), await lab.finding('low')];
    const payload = {
      organizationId: lab.organizationId,
      fields: {
        systemCode: 'S-1',
        name: 'Portal',
        mlpsLevel: '3',
        ownerPerson: 'Li',
        ownerPhone: '13800000000',
      },
    };
    const system = (await lab.running.send({ method: 'POST', url: '/api/v1/systems', payload })).json();
    await lab.running.parts.widePool.query('update asset set system_id = $1 where asset_id = $2', [
      system.id,
      own.asset.id,
    ]);
    const here = { organizationId: Number(lab.organizationId), systemId: Number(system.id) };
    const owner = await lab.running.visitor('System owner', [{ role: 'system-owner', ...here }]);
    const contractor = await lab.running.visitor('Contractor', [
      { role: 'contractor', expiresAt: inDays(30), ...here },
    ]);
    await expect(lab.reply(owner, beside, OBJECTION)).rejects.toThrow('NOT_FOUND');
    const made = await lab.reply(owner, own, OBJECTION);
    // what others said is not theirs to read, and still counts
    await expect(lab.reply(contractor, own, OBJECTION)).rejects.toThrow('REPLY_PENDING');
    expect((await contractor.get(`/api/v1/replies/${made.id}`)).statusCode).toBe(404);
    expect((await lab.liaison.get(`/api/v1/replies/${made.id}`)).statusCode).toBe(200);
    const withdrawn = await lab.step(owner, made, 'withdraw', { because: 'it is so after all' });
    expect(withdrawn.state).toBe('withdrawn');
  });
});
