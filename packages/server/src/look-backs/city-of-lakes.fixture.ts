import { LookBack, LookBackDetail, type LookBackFinding, LookBackFindingList } from '@backcheck/contract';
import { houseScan } from '../testing/house-scan.ts';
import { RunningApp } from '../testing/running-app.ts';
import { below, closeFindings, takeIn } from './closed-findings.fixture.ts';

const addresses = (net: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${net}.${at + 1}`);

/** A city whose hospital (7 critical, 12 high) and school (9 low) have closed findings, and what is asked of its look-backs. */
export class CityOfLakes {
  readonly running: RunningApp;
  readonly city: string;
  readonly hospital: string;
  readonly school: string;

  private constructor(running: RunningApp, ids: { city: string; hospital: string; school: string }) {
    this.running = running;
    this.city = ids.city;
    this.hospital = ids.hospital;
    this.school = ids.school;
  }

  static async build(): Promise<CityOfLakes> {
    const running = await RunningApp.start();
    await running.work();
    const city = await running.organization('City of Lakes');
    const hospital = await below(running, city, 'Hospital');
    const school = await below(running, city, 'School');
    const other = await below(running, await running.organization('Another city'), 'Its hospital');
    const at = '2026-03-02T10:00:00.000Z';
    for (const [organizationId, severity, net, count] of [
      [hospital, 'critical', '192.0.2', 7],
      [hospital, 'high', '198.51.100', 12],
      [school, 'low', '203.0.113', 9],
      [other, 'high', '10.0.0', 5],
    ] as const)
      await closeFindings(running, { organizationId, severity, addresses: addresses(net, count), at });
    // still there: not part of any population
    const open = [[{ kind: 'ip' as const, value: '203.0.113.200' }]];
    await takeIn(running, school, houseScan({ at: '2026-03-05T10:00:00.000Z', assets: open, present: true }));
    return new CityOfLakes(running, { city, hospital, school });
  }

  plan(changes: object = {}): object {
    const plan = { title: 'Spring', rule: {}, sample: 10, strata: 'severity' };
    return { organizationId: this.city, ...plan, ...changes };
  }

  post(url: string, payload?: object) {
    const body = payload === undefined ? {} : { payload };
    return this.running.send({ method: 'POST', url: `/api/v1/look-backs${url}`, ...body });
  }

  async publish(changes: object = {}): Promise<LookBack> {
    return LookBack.parse((await this.post('', this.plan(changes))).json());
  }

  async drawn(changes: object = {}): Promise<LookBack> {
    return LookBack.parse((await this.post(`/${(await this.publish(changes)).id}/draw`)).json());
  }

  async detail(id: string): Promise<LookBackDetail> {
    return LookBackDetail.parse((await this.running.get(`/api/v1/look-backs/${id}`)).json());
  }

  async findingsOf(id: string): Promise<LookBackFinding[]> {
    const answer = await this.running.get(`/api/v1/look-backs/${id}/findings?limit=200`);
    return LookBackFindingList.parse(answer.json()).items;
  }
}
