import { acunetixJsonReader } from './acunetix/json.ts';
import { acunetixReader } from './acunetix/xml.ts';
import { burpReader } from './burp/read.ts';
import { cycloneDxReader } from './cyclonedx/read.ts';
import { cycloneDxXmlReader } from './cyclonedx/xml.ts';
import { dependencyCheckReader } from './dependency-check/read.ts';
import { backcheckJsonlReader } from './generic/backcheck-jsonl.ts';
import { defectdojoCsvReader } from './generic/defectdojo-csv.ts';
import { defectdojoJsonReader } from './generic/defectdojo-json.ts';
import { greenboneCsvReader } from './greenbone/csv.ts';
import { greenboneReader } from './greenbone/read.ts';
import { grypeReader } from './grype/read.ts';
import { kubeBenchReader } from './kube-bench/read.ts';
import { lynisReader } from './lynis/read.ts';
import { masscanReader } from './masscan/json.ts';
import { masscanXmlReader } from './masscan/xml.ts';
import { naabuReader } from './naabu/read.ts';
import { nessusCsvReader } from './nessus/csv.ts';
import { nessusReader } from './nessus/read.ts';
import { niktoCsvReader } from './nikto/csv.ts';
import { niktoJsonReader } from './nikto/json.ts';
import { niktoReader } from './nikto/xml.ts';
import { nmapReader } from './nmap/read.ts';
import { npmAuditReader } from './npm-audit/read.ts';
import { nucleiReader } from './nuclei/read.ts';
import { openVexReader } from './openvex/read.ts';
import { osvScannerReader } from './osv-scanner/read.ts';
import { prowlerCsvReader } from './prowler/csv.ts';
import { prowlerReader } from './prowler/read.ts';
import { qualysCsvReader } from './qualys/csv.ts';
import { qualysReader } from './qualys/read.ts';
import { qualysScanReader } from './qualys/scan.ts';
import { qualysWasReader } from './qualys/was.ts';
import { rapid7Reader } from './rapid7/read.ts';
import type { Reader } from './reader.ts';
import { sarifReader } from './sarif/read.ts';
import { sslscanReader } from './sslscan/read.ts';
import { sslyzeReader } from './sslyze/read.ts';
import { testsslCsvReader } from './testssl/csv.ts';
import { testsslReader } from './testssl/read.ts';
import { trivyNullReader, trivyReader } from './trivy/read.ts';
import { wapitiReader } from './wapiti/json.ts';
import { wapitiXmlReader } from './wapiti/xml.ts';
import { wpscanReader } from './wpscan/read.ts';
import { xccdfReader } from './xccdf/read.ts';
import { zapJsonReader } from './zap/json.ts';
import { zapReader } from './zap/xml.ts';

/** Every format that Backcheck reads. A new format is one folder and one line here. */
export const READERS: readonly Reader[] = [
  masscanXmlReader,
  nmapReader,
  nessusReader,
  nessusCsvReader,
  greenboneReader,
  greenboneCsvReader,
  qualysReader,
  qualysScanReader,
  qualysWasReader,
  qualysCsvReader,
  sslscanReader,
  testsslReader,
  testsslCsvReader,
  sarifReader,
  trivyReader,
  trivyNullReader,
  osvScannerReader,
  npmAuditReader,
  grypeReader,
  dependencyCheckReader,
  rapid7Reader,
  acunetixReader,
  acunetixJsonReader,
  burpReader,
  zapReader,
  zapJsonReader,
  niktoReader,
  niktoJsonReader,
  niktoCsvReader,
  wapitiReader,
  wapitiXmlReader,
  wpscanReader,
  sslyzeReader,
  nucleiReader,
  masscanReader,
  naabuReader,
  backcheckJsonlReader,
  defectdojoJsonReader,
  defectdojoCsvReader,
  xccdfReader,
  cycloneDxReader,
  cycloneDxXmlReader,
  openVexReader,
  kubeBenchReader,
  prowlerReader,
  prowlerCsvReader,
  lynisReader,
];
