import { isIP } from 'node:net';
import type { AssetRecord, Fact, Identifier, ObservationRecord, Reason, Severity } from '@backcheck/core';
import { epochInstant } from '../epoch-instant.ts';
import { countAt, textAt, valueAt } from '../json-value.ts';
import type { ScanHead } from '../reader.ts';
import { type WebPlace, webPlace } from '../web-place.ts';
import type { Row } from './row.ts';

const ASSET = 'a1';

/** Files that must not lie about: the key of the list in the report, and what an entry of it means. */
const EXPOSED: readonly (readonly [list: string, check: string, severity: Severity, title: string])[] = [
  ['config_backups', 'config-backup', 'high', 'A backup of the configuration can be fetched'],
  ['db_exports', 'db-export', 'high', 'A copy of the database can be fetched'],
  ['backup_folders', 'backup-folder', 'high', 'A folder of backups can be fetched'],
  ['timthumbs', 'timthumb', 'low', 'A TimThumb script is installed'],
];

/** Checks that need no answer of the tool's database. */
const OWN_CHECKS = [
  'backup_db debug_log duplicator_installer_log emergency_pwd_reset_script fantastico_fileslist',
  'full_path_disclosure headers mu_plugins multisite php_disabled readme registration robots_txt',
  'search_replace_db_2 tmm_db_migrate upload_directory_listing upload_sql_dump wp_cron xmlrpc',
  'config-backup db-export backup-folder timthumb outdated install-mode user-names weak-password',
]
  .join(' ')
  .split(' ')
  .map((name) => `wpscan:${name}`);

/** What the report says about the site as a whole. */
export class Site {
  readonly #document: unknown;
  readonly #place: WebPlace | undefined;

  constructor(document: unknown) {
    this.#document = document;
    this.#place = webPlace(textAt(document, 'target_url'));
  }

  get head(): Pick<ScanHead, 'tool' | 'startedAt' | 'finishedAt'> {
    const version = textAt(this.#document, 'banner', 'version') ?? null;
    return { tool: { name: 'wpscan', version, feed: null }, ...this.#times };
  }

  get finished(): boolean {
    return this.#times.finishedAt !== null && !this.#aborted;
  }

  /** The asset, what was found besides the lists, and what silence is worth. `sound`: nothing of the file is lost. */
  facts(sound: boolean): Fact[] {
    const place = this.#place;
    if (place === undefined) {
      return [{ record: 'warning', code: 'BAD_RECORD', message: 'the report names no address of a site' }];
    }
    const ip = textAt(this.#document, 'target_ip') ?? '';
    const address: Identifier[] = isIP(ip) === 0 ? [] : [{ kind: 'ip', value: ip }];
    const reached = this.#times.startedAt !== null && this.#gap !== 'NO_HOST';
    const asset: AssetRecord = {
      record: 'asset',
      id: ASSET,
      identifiers: [place.identifier, ...address],
      reached,
      ...this.#times,
      credential: 'none',
      ...(this.#gap === null ? {} : { reason: this.#gap }),
    };
    const found = this.#found().flatMap((row) => this.observations(row));
    const heard = sound && reached && this.#gap === null;
    return heard ? [asset, ...found, this.#silence(place)] : [asset, ...found];
  }

  observations(row: Row): ObservationRecord[] {
    const place = this.#place;
    if (place === undefined) return [];
    const { component, check, title, severity, url, cve, cvss } = row;
    const weak = component.length > 0;
    const where = url === undefined ? place.path : (webPlace(url)?.path ?? url);
    const at = { asset: ASSET, transport: 'tcp', port: place.port, at: null } as const;
    return [
      {
        record: 'observation',
        ...at,
        check,
        locus: weak ? this.#componentPlace(component, place) : where,
        verdict: 'present',
        title,
        severity,
        cve,
        cwe: [],
        cvss,
        // Known from the version of the component, or from its mere presence.
        ...(weak ? { method: 'banner' as const } : {}),
      },
    ];
  }

  get #times(): Pick<AssetRecord, 'startedAt' | 'finishedAt'> {
    const at = (key: string) => epochInstant(countAt(this.#document, key));
    return { startedAt: at('start_time'), finishedAt: at('stop_time') };
  }

  get #aborted(): boolean {
    return valueAt(this.#document, 'scan_aborted') !== undefined;
  }

  get #gap(): Reason | null {
    const why = textAt(this.#document, 'scan_aborted') ?? '';
    if (/seems to be down|resolve|connect/i.test(why)) return 'NO_HOST';
    if (/\b40[137]\b|forbidden|WAF\b|authenticat/i.test(why)) return 'BLOCKED';
    if (valueAt(this.#document, 'response_status_codes_warning') === true) return 'BLOCKED';
    return this.finished ? null : 'INCOMPLETE';
  }

  /** `A-enumeration`: it would have been found again; `A-api`: the database answered, and lists it still. */
  #silence(place: WebPlace): Fact {
    const asked = textAt(this.#document, 'vuln_api', 'plan') !== undefined;
    const filtered = valueAt(this.#document, 'excluded_vulnerabilities') !== undefined;
    return {
      record: 'coverage',
      asset: ASSET,
      transport: 'tcp',
      ports: String(place.port),
      checks: asked ? { all: true } : { ids: OWN_CHECKS },
      method: 'remote',
      evidence: 'E1',
      assumptions: ['A-enumeration', ...(asked ? ['A-api'] : []), ...(asked && filtered ? ['A-filter'] : [])],
    };
  }

  /** Where a component lies, and what it is: "/wp-content/plugins/contact-form-7/#plugin". */
  #componentPlace(keys: Row['component'], place: WebPlace): string {
    const [list = '', name = ''] = keys;
    if (list === 'version') return `${place.path}#wordpress`;
    const location = textAt(this.#document, ...keys, 'location') ?? String(name);
    const kind = list === 'plugins' ? 'plugin' : list === 'timthumbs' ? 'timthumb' : 'theme';
    return `${webPlace(location)?.path ?? location}#${kind}`;
  }

  #found(): Row[] {
    const exposed = EXPOSED.flatMap(([list, check, severity, title]) =>
      this.#keys(list).map((url) => siteRow(check, severity, title, url)),
    );
    const listed = ['plugins', 'themes'].flatMap((list) => this.#keys(list).map((name) => [list, name]));
    const outdated = [['main_theme'], ...listed]
      .filter((keys) => valueAt(this.#document, ...keys, 'outdated') === true)
      .map((keys) => {
        const name = textAt(this.#document, ...keys, 'slug') ?? keys.at(-1) ?? '';
        const url = textAt(this.#document, ...keys, 'location') ?? name;
        return siteRow('outdated', 'low', `${name} is not the latest version`, url);
      });
    return [...exposed, ...outdated, ...this.#withoutNames()];
  }

  /** Accounts and passwords that the tool learned stay in the file: that it could learn them is the finding. */
  #withoutNames(): Row[] {
    const names = this.#keys('users').length > 0;
    const guessed = this.#keys('password_attack').length > 0;
    const install = valueAt(this.#document, 'not_fully_configured') !== undefined;
    return [
      ...(names ? [siteRow('user-names', 'info', 'Names of accounts can be listed')] : []),
      ...(guessed ? [siteRow('weak-password', 'high', 'The password of an account was guessed')] : []),
      ...(install ? [siteRow('install-mode', 'high', 'WordPress waits for whoever installs it first')] : []),
    ];
  }

  #keys(list: string): string[] {
    const found = valueAt(this.#document, list);
    return typeof found === 'object' && found !== null ? Object.keys(found) : [];
  }
}

function siteRow(check: string, severity: Severity, title: string, url?: string): Row {
  return { component: [], check: `wpscan:${check}`, title, severity, url, cve: [], cvss: [] };
}
