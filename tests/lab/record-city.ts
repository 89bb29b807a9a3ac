/**
 * Makes fixtures/city anew: the files of six organizations of an invented city, for the demo. Real scanners look
 * three times at real servers in a network of their own: everything is weak; some of it is fixed, and the proof
 * fails in the ways in which it fails in life; something returns. city.test.ts says what comes of it.
 * Takes about six minutes; needs root. Run as `node tests/lab/record-city.ts`.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CityNetwork } from './city-network.ts';
import { OrganizationRecorder, writeManifest } from './city-recorder.ts';
import { withNamespace } from './namespace.ts';

const CITY = fileURLToPath(new URL('../../fixtures/city/', import.meta.url));
const BETWEEN_ROUNDS_MS = 60_000;

const HOSPITAL = { portal: '192.0.2.11', images: '192.0.2.12' };
const WATERWORKS = { website: '192.0.2.21', telemetry: '192.0.2.22' };
const MIDDLE_SCHOOL = '192.0.2.31';
const PRIMARY_SCHOOL = '192.0.2.41';
const DISTRICT = { website: '192.0.2.51', mail: '192.0.2.52' };
const LIBRARY = { website: '192.0.2.61', catalogue: '192.0.2.62' };

/** Enough for the smaller places; the whole set lists every weak cipher of every server. */
const FEW_SCRIPTS = 'ssl-cert,http-security-headers';
const PROTOCOLS = ['--protocols'];
const WEBSITE = ['--protocols', '--server-defaults', '--headers'];
const DISTRICT_WEBSITE = [...WEBSITE, '--beast', '--lucky13'];

/** RFC 7042 section 2.1.1, as the addresses of the lab. */
const OTHER_MACHINE = '00:00:5e:00:53:34';

function recorders(root: string, scanner: string) {
  const organization = (folder: string, name: string, nameZh: string) =>
    new OrganizationRecorder(root, scanner, { folder, name, nameZh });
  return {
    hospital: organization('hospital', "Qinglu City People's Hospital", '青鹭市人民医院'),
    waterworks: organization('waterworks', 'Qinglu City Waterworks', '青鹭市自来水公司'),
    middleSchool: organization('middle-school', 'Qinglu City No. 1 Middle School', '青鹭市第一中学'),
    primarySchool: organization(
      'primary-school',
      'Qinglu City Experimental Primary School',
      '青鹭市实验小学',
    ),
    district: organization('district-office', 'Luhu District Office, Qinglu City', '青鹭市鹭湖区办事处'),
    library: organization('library', 'Qinglu City Library', '青鹭市图书馆'),
  };
}

interface City extends ReturnType<typeof recorders> {
  readonly network: CityNetwork;
}

async function openAll(network: CityNetwork): Promise<void> {
  const weak = [HOSPITAL.portal, WATERWORKS.website, MIDDLE_SCHOOL, PRIMARY_SCHOOL];
  const alsoWeak = [DISTRICT.website, DISTRICT.mail, LIBRARY.website, LIBRARY.catalogue];
  for (const address of [...weak, ...alsoWeak]) await network.serve('weak', address, 443);
  await network.serve('plain', HOSPITAL.portal, 80);
  await network.serve('weak', HOSPITAL.images, 8443);
  await network.serve('plain', HOSPITAL.images, 8080);
  await network.serve('plain', WATERWORKS.telemetry, 8080);
}

/** The hospital is looked at in full each time, with the same orders. */
async function scanHospital({ hospital }: City, round: string): Promise<void> {
  await hospital.nmap({
    file: `${round}-nmap.xml`,
    targets: Object.values(HOSPITAL),
    ports: '80,443,8080,8443',
  });
  await hospital.sslscan({ file: `${round}-portal-sslscan.xml`, target: `${HOSPITAL.portal}:443` });
  await hospital.testssl({
    file: `${round}-portal-testssl.json`,
    target: `${HOSPITAL.portal}:443`,
    options: WEBSITE,
  });
  await hospital.testssl({
    file: `${round}-images-testssl.json`,
    target: `${HOSPITAL.images}:8443`,
    options: PROTOCOLS,
  });
}

async function firstRound(city: City): Promise<void> {
  const { waterworks, middleSchool, primarySchool, district, library } = city;
  const nmap = { file: 'round-1-nmap.xml', ports: '443', scripts: FEW_SCRIPTS };
  const sslscan = { file: 'round-1-sslscan.xml' };
  const testssl = { file: 'round-1-testssl.json', options: PROTOCOLS };
  await scanHospital(city, 'round-1');
  await waterworks.nmap({ ...nmap, targets: Object.values(WATERWORKS), ports: '443,8080' });
  await waterworks.sslscan({ ...sslscan, target: `${WATERWORKS.website}:443` });
  await waterworks.testssl({ ...testssl, target: `${WATERWORKS.website}:443` });
  await middleSchool.nmap({ file: nmap.file, ports: '443', targets: [MIDDLE_SCHOOL] });
  await middleSchool.sslscan({ ...sslscan, target: `${MIDDLE_SCHOOL}:443` });
  await middleSchool.testssl({ ...testssl, target: `${MIDDLE_SCHOOL}:443` });
  await primarySchool.nmap({ ...nmap, targets: [PRIMARY_SCHOOL] });
  await primarySchool.sslscan({ ...sslscan, target: `${PRIMARY_SCHOOL}:443` });
  await primarySchool.testssl({ ...testssl, target: `${PRIMARY_SCHOOL}:443` });
  await district.nmap({ ...nmap, targets: [DISTRICT.mail] });
  await district.sslscan({ ...sslscan, target: `${DISTRICT.website}:443` });
  await district.testssl({ ...testssl, target: `${DISTRICT.website}:443`, options: DISTRICT_WEBSITE });
  await library.nmap({ ...nmap, targets: Object.values(LIBRARY) });
  await library.sslscan({ ...sslscan, target: `${LIBRARY.website}:443` });
  await library.testssl({ ...testssl, target: `${LIBRARY.website}:443`, options: WEBSITE });
}

/** Everything is fixed, and everything of it is proven. */
async function hospitalFixes(city: City): Promise<void> {
  await city.network.serve('fixed', HOSPITAL.portal, 443);
  await city.network.serve('fixed', HOSPITAL.images, 8443);
  await city.network.stop(HOSPITAL.images, 8080);
  await scanHospital(city, 'round-2');
}

/** The website is switched off, and the telemetry is scanned in too little time. */
async function waterworksIsDown({ network, waterworks }: City): Promise<void> {
  const target = `${WATERWORKS.website}:443`;
  await network.stop(WATERWORKS.website, 443);
  await network.switchOff(WATERWORKS.website);
  const patience = ['--connect-timeout', '3'];
  await waterworks.nmap({ file: 'round-2-nmap.xml', targets: [WATERWORKS.website], ports: '443' });
  await waterworks.sslscan({ file: 'round-2-sslscan.xml', target, options: ['--connect-timeout=3'] });
  await waterworks.testssl({
    file: 'round-2-testssl.json',
    target,
    options: [...PROTOCOLS, ...patience],
  });
  await waterworks.nmap({
    file: 'round-2-telemetry-nmap.xml',
    targets: [WATERWORKS.telemetry],
    ports: '1-65535',
    scripts: '',
    options: ['--host-timeout', '3s', '--max-rate', '500'],
  });
}

/** The new server on another port is scanned; the old one is still there. */
async function middleSchoolShowsAnotherPort({ network, middleSchool }: City): Promise<void> {
  const target = `${MIDDLE_SCHOOL}:8443`;
  await network.serve('fixed', MIDDLE_SCHOOL, 8443);
  await middleSchool.nmap({ file: 'round-2-nmap.xml', targets: [MIDDLE_SCHOOL], ports: '8443' });
  await middleSchool.sslscan({ file: 'round-2-sslscan.xml', target });
  await middleSchool.testssl({ file: 'round-2-testssl.json', target, options: PROTOCOLS });
}

/** TLS is switched off instead of repaired. */
async function primarySchoolSpeaksPlain({ network, primarySchool }: City): Promise<void> {
  await network.serve('plain', PRIMARY_SCHOOL, 443);
  await primarySchool.nmap({
    file: 'round-2-nmap.xml',
    targets: [PRIMARY_SCHOOL],
    ports: '443',
    scripts: FEW_SCRIPTS,
  });
  await primarySchool.sslscan({ file: 'round-2-sslscan.xml', target: `${PRIMARY_SCHOOL}:443` });
}

/** The website is fixed but its scan is broken off; at the address of the mail server another machine answers. */
async function districtIsHalfSeen({ network, district }: City): Promise<void> {
  await network.serve('fixed', DISTRICT.website, 443);
  await district.interruptedTestssl({
    file: 'round-2-testssl.json',
    target: `${DISTRICT.website}:443`,
    options: DISTRICT_WEBSITE,
    row: 'TLS1_3',
  });
  await network.serve('fixed', DISTRICT.mail, 443);
  const swapBack = await network.swapMachine(OTHER_MACHINE);
  await district.nmap({
    file: 'round-2-nmap.xml',
    targets: [DISTRICT.mail],
    ports: '443',
    scripts: FEW_SCRIPTS,
  });
  await swapBack();
}

/** Fixed and scanned, but: without a time, from another place, behind a firewall, by a file from before. */
async function libraryCannotProve({ network, library }: City): Promise<void> {
  await network.serve('fixed', LIBRARY.website, 443);
  await library.sslscan({
    file: 'round-2-sslscan.xml',
    target: `${LIBRARY.website}:443`,
    timeForgotten: true,
  });
  await library.nmap({
    file: 'round-2-inside-nmap.xml',
    targets: [LIBRARY.website],
    ports: '443',
    scripts: FEW_SCRIPTS,
    namespace: network.inside,
    said: { vantage: 'library-inside' },
  });
  await network.dropAnswers(LIBRARY.catalogue, 443);
  await library.nmap({
    file: 'round-2-catalogue-nmap.xml',
    targets: [LIBRARY.catalogue],
    ports: '443',
    scripts: FEW_SCRIPTS,
  });
}

/** The old settings of the image server are back; the primary school checks itself. */
async function thirdRound({ network, hospital, primarySchool }: City): Promise<void> {
  await network.serve('weak', HOSPITAL.images, 8443);
  await network.serve('plain', HOSPITAL.images, 8080);
  await hospital.nmap({
    file: 'round-3-ports-nmap.xml',
    targets: Object.values(HOSPITAL),
    ports: '80,443,8080,8443',
    scripts: '',
  });
  await hospital.testssl({
    file: 'round-3-images-testssl.json',
    target: `${HOSPITAL.images}:8443`,
    options: PROTOCOLS,
  });
  await network.serve('fixed', PRIMARY_SCHOOL, 443);
  await primarySchool.testssl({
    file: 'round-3-own-testssl.json',
    target: `${PRIMARY_SCHOOL}:443`,
    options: PROTOCOLS,
    said: { submittedBy: 'organization' },
  });
}

async function recordAll(root: string, network: CityNetwork): Promise<void> {
  const organizations = recorders(root, network.scanner);
  const city: City = { ...organizations, network };
  await network.serve('fixed', LIBRARY.website, 443);
  await city.library.testssl({
    file: 'round-0-testssl.json',
    target: `${LIBRARY.website}:443`,
    options: WEBSITE,
  });
  const turnUp = city.library.holdBack();
  await openAll(network);
  await firstRound(city);
  await pause(BETWEEN_ROUNDS_MS);
  await hospitalFixes(city);
  await waterworksIsDown(city);
  await middleSchoolShowsAnotherPort(city);
  await primarySchoolSpeaksPlain(city);
  await districtIsHalfSeen(city);
  await libraryCannotProve(city);
  turnUp();
  await pause(BETWEEN_ROUNDS_MS);
  await thirdRound(city);
  await writeManifest(root, Object.values(organizations));
}

const root = await mkdtemp(join(tmpdir(), 'backcheck-city-'));
try {
  await withNamespace(async (network) => {
    const city = new CityNetwork(network);
    await recordAll(root, city).finally(() => city.stopAll());
  });
  await rm(CITY, { recursive: true, force: true });
  await cp(root, CITY, { recursive: true });
} finally {
  await rm(root, { recursive: true, force: true });
}
