import { Import } from '@backcheck/contract';
import { createOwnerPool, findUnconcluded, queueConclusion } from '@backcheck/db';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorized } from '../testing/authorize.ts';
import { type PlayedRunner, playRunner } from '../testing/play-runner.ts';
import { at, FIXED, outcomesOf, post, RetestLab, WEAK } from '../testing/retest-lab.ts';

let lab: RetestLab;
/** Looks from another place than the lab's own. */
let outside: PlayedRunner;
beforeAll(async () => {
  lab = await RetestLab.open();
  await authorized(lab.running, lab.organizationId);
  outside = await playRunner(lab.running, { vantage: 'outside' });
});

const CHECK = 'sslscan:tls1.0';

/** A file of the coordinator's, made so many milliseconds from now. */
async function importAt(file: string, fromNow: number, vantage = 'main'): Promise<void> {
  const declaredAt = new Date(Date.now() + fromNow).toISOString();
  const fields = {
    organizationId: lab.organizationId,
    confirm: 'true',
    declaredAt,
    declaredBy: 'coordinator',
    vantage,
  };
  const { id } = Import.parse((await lab.running.upload(file, fields)).json());
  expect((await lab.running.settled(id)).problem).toBeNull();
}

const findingAt = (address: string) => lab.findingOf(address, CHECK);
const HOUR = 3_600_000;

describe('a retest of what was seen from two places and is closed', () => {
  it('proves nothing while one of them cannot be looked from, for there it may have come back', async () => {
    for (const vantage of ['main', 'outside']) {
      await importAt(at(WEAK, '192.0.2.71'), -2 * HOUR, vantage);
      await importAt(at(FIXED, '192.0.2.71'), -HOUR, vantage);
    }
    const finding = await findingAt('192.0.2.71');
    expect(finding.state).toBe('verified-fixed');
    await outside.seen();
    const asked = await lab.ask([finding], lab.running);
    await lab.runner.deliver(await lab.taskAt('192.0.2.71'), at(FIXED, '192.0.2.71'));
    const [away] = await outside.take();
    if (away === undefined) throw new Error('nobody looks from outside');
    await outside.fail(away, 'BLOCKED');
    expect(outcomesOf(await lab.ended(asked))).toEqual([[CHECK, 'inconclusive', 'BLOCKED']]);
    expect((await findingAt('192.0.2.71')).state).toBe('verified-fixed');
  });
});

describe('the outcome of a retest with several targets', () => {
  it('is not proven by its own clean scan where it was seen again since, and others closed it then', async () => {
    await lab.running.send({
      method: 'PATCH',
      url: `/api/v1/organizations/${lab.organizationId}`,
      payload: { steadyProof: false },
    });
    await importAt(at(WEAK, '192.0.2.72'), -HOUR);
    await importAt(at(WEAK, '192.0.2.73'), -HOUR);
    const asked = await lab.ask([await findingAt('192.0.2.72'), await findingAt('192.0.2.73')]);
    const tasks = await lab.runner.take();
    const [first, second] = ['192.0.2.72', '192.0.2.73'].map((host) =>
      tasks.find((one) => one.host === host),
    );
    if (first === undefined || second === undefined) throw new Error('a target is not looked at');
    await lab.runner.deliver(first, at(FIXED, '192.0.2.72'));
    await importAt(at(WEAK, '192.0.2.72'), 0);
    await importAt(at(FIXED, '192.0.2.72'), 0);
    expect((await findingAt('192.0.2.72')).state).toBe('verified-fixed');
    await lab.runner.fail(second, 'NO_HOST');
    const done = await lab.ended(asked);
    expect(outcomesOf(done)).toContainEqual([CHECK, 'inconclusive', 'STALE']);
  });
});

describe('a retest whose conclusion was lost', () => {
  it('is found and concluded after all', async () => {
    await importAt(at(WEAK, '192.0.2.74'), -HOUR);
    const asked = await lab.ask([await findingAt('192.0.2.74')]);
    const key = { organizationId: Number(lab.organizationId), retestId: asked.id };
    const owner = createOwnerPool({ connectionString: lab.running.connectionString });
    try {
      const lost = async () => (await findUnconcluded(owner)).filter(({ retestId }) => retestId === asked.id);
      const task = await lab.taskAt('192.0.2.74');
      expect(await lost()).toEqual([]);
      const { lease } = task;
      await owner.query(
        `update retest_task set state = 'failed', obstacle = 'NO_HOST', lease = null, lease_until = null, finished_at = now() where lease = $1`,
        [lease],
      );
      expect(await lost()).toEqual([key]);
      await queueConclusion(owner, key);
      expect(outcomesOf(await lab.ended(asked))).toEqual([[CHECK, 'inconclusive', 'NO_HOST']]);
      expect(await lost()).toEqual([]);
    } finally {
      await owner.end();
    }
  });
});

describe('a retest of an asset that is merged into another one meanwhile', () => {
  it('answers for the finding that absorbed the asked one', async () => {
    await importAt(at(WEAK, '192.0.2.75'), -HOUR);
    await importAt(at(WEAK, '192.0.2.76'), -HOUR);
    const [asked, other] = [await findingAt('192.0.2.75'), await findingAt('192.0.2.76')];
    const retest = await lab.ask([asked]);
    const merged = await post(lab.running, `/assets/${asked.asset.id}/merge`, {
      into: other.asset.id,
      note: 'two addresses of one machine',
    });
    expect(merged.statusCode, merged.body).toBe(200);
    await lab.runner.deliver(await lab.taskAt('192.0.2.75'), at(FIXED, '192.0.2.75'));
    const done = await lab.ended(retest);
    const now = (await lab.running.get(`/api/v1/findings/${other.id}`)).json();
    expect(done.findings).toMatchObject([{ finding: { id: other.id }, outcome: 'proven' }]);
    expect(now).toMatchObject({ state: 'verified-fixed', certificateId: done.findings[0]?.certificateId });
  });
});

describe('two retests of one finding at the same time', () => {
  it('each end once, each with what its own scan saw', async () => {
    await importAt(at(WEAK, '192.0.2.77'), -HOUR);
    const finding = await findingAt('192.0.2.77');
    // what the organization asks for, and what the coordinator orders
    const retests = [await lab.ask([finding]), await lab.ask([finding], lab.running)];
    const tasks = await lab.runner.take();
    expect(tasks).toHaveLength(2);
    await Promise.all(tasks.map((task) => lab.runner.deliver(task, at(FIXED, '192.0.2.77'))));
    const ended = await Promise.all(retests.map((one) => lab.ended(one)));
    expect(ended.map(outcomesOf)).toEqual([[[CHECK, 'proven', null]], [[CHECK, 'proven', null]]]);
    // One certificate, or two: an earlier absence that comes in later replaces the first.
    expect(ended.map(({ findings }) => findings[0]?.certificateId)).not.toContain(null);
  });
});

describe('a retest that is stopped while its file is being imported', () => {
  it('ends as stopped, once, and the import closes what it proves all the same', async () => {
    await importAt(at(WEAK, '192.0.2.78'), -HOUR);
    const finding = await findingAt('192.0.2.78');
    const retest = await lab.ask([finding], lab.running);
    const task = await lab.taskAt('192.0.2.78');
    const [stopped] = await Promise.all([
      post(lab.running, `/retests/${retest.id}/stop`),
      lab.runner.deliver(task, at(FIXED, '192.0.2.78')),
    ]);
    const done = await lab.ended(retest);
    if (stopped.statusCode === 200) expect(done.state).toBe('stopped');
    else expect(stopped.json().code).toBe('RETEST_ENDED');
    for (let tries = 0; tries < 500 && (await findingAt('192.0.2.78')).state === 'open'; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await findingAt('192.0.2.78')).state).toBe('verified-fixed');
    expect((await lab.read(retest)).finishedAt).toBe(done.finishedAt);
    expect((await lab.read(retest)).findings).toMatchObject(
      done.findings.map(({ outcome, reason }) => ({ outcome, reason })),
    );
  });
});
