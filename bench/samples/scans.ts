/** A scan file of any size in the shape and with the text lengths of real ones. */
export interface Sample {
  readonly format: string;
  readonly shape: 'xml' | 'json' | 'json-lines';
  readonly head: string;
  /** A hundred kilobytes or so. */
  readonly chunk: (index: number) => string;
  readonly tail: string;
}

const TEXT =
  'The remote service accepts connections encrypted using an old version of the protocol. It has a number of cryptographic design flaws that modern implementations mitigate, but newer versions are designed against them and should be used whenever possible.';

const address = (index: number): string => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
const times = (count: number, each: (number: number) => string): string =>
  Array.from({ length: count }, (_, number) => each(number)).join('');

const nessus: Sample = {
  format: 'nessus',
  shape: 'xml',
  head: `<?xml version="1.0" ?>\n<NessusClientData_v2>\n<Policy><policyName>Full</policyName><Preferences><ServerPreferences>
<preference><name>TARGET</name><value>10.0.0.0/8</value></preference>
<preference><name>port_range</name><value>1-65535</value></preference>
<preference><name>plugin_set</name><value>${times(20_000, (n) => `${10_000 + n * 3};`)}19506</value></preference>
</ServerPreferences></Preferences></Policy>\n<Report name="city" xmlns:cm="http://www.nessus.org/cm">\n`,
  chunk: (index) =>
    `<ReportHost name="${address(index)}"><HostProperties><tag name="HOST_END_TIMESTAMP">1763690000</tag><tag name="HOST_START_TIMESTAMP">1763686400</tag><tag name="host-ip">${address(index)}</tag><tag name="Credentialed_Scan">false</tag></HostProperties>\n${times(60, (n) => nessusItem(index, n))}<ReportItem port="0" svc_name="general" protocol="tcp" severity="0" pluginID="19506" pluginName="Nessus Scan Information" pluginFamily="Settings"><plugin_type>summary</plugin_type><plugin_output>Information about this scan :\n\nNessus version : 10.8.3\nPlugin feed version : 202611200001\nScanner IP : 10.255.0.1\nPort range : 1-65535\nThorough tests : no\nParanoia level : 1\nSafe checks : yes\nCredentialed checks : no\nScan Start Date : 2026/11/21 0:53 UTC\nScan duration : 3600 sec\n</plugin_output></ReportItem>\n</ReportHost>\n`,
  tail: '</Report>\n</NessusClientData_v2>\n',
};

function nessusItem(host: number, number: number): string {
  const plugin = 10_000 + ((host * 7 + number * 31) % 20_000) * 3;
  return `<ReportItem port="${[22, 80, 443, 3389, 8443][number % 5]}" svc_name="www" protocol="tcp" severity="${number % 5}" pluginID="${plugin}" pluginName="Weakness number ${plugin}" pluginFamily="Service detection">
<agent>all</agent><cpe>cpe:/a:example:server</cpe><cvss3_base_score>6.5</cvss3_base_score><cvss3_vector>CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N</cvss3_vector><cve>CVE-2026-${plugin}</cve><cwe>327</cwe>
<description>${TEXT} ${TEXT}</description>
<fname>check_${plugin}.nasl</fname><plugin_modification_date>2026/10/04</plugin_modification_date><plugin_type>remote</plugin_type><risk_factor>Medium</risk_factor><script_version>1.12</script_version>
<see_also>https://www.example.org/advisory/${plugin}</see_also><solution>${TEXT}</solution><synopsis>The remote service has a weakness.</synopsis>
<plugin_output>\nThe server answered with :\n\n  Server: Example/1.${number}\n  Date: ${host}\n\n${TEXT}\n</plugin_output>
</ReportItem>\n`;
}

const sarif: Sample = {
  format: 'sarif',
  shape: 'json',
  head: `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"CodeQL","version":"2.20.0","rules":[${times(200, (n) => `${n === 0 ? '' : ','}{"id":"js/rule-${n}","shortDescription":{"text":"Rule ${n}"},"properties":{"security-severity":"7.5","tags":["external/cwe/cwe-079"]}}`)}]}},"invocations":[{"executionSuccessful":true,"startTimeUtc":"2026-11-20T10:00:00Z","endTimeUtc":"2026-11-20T11:00:00Z"}],"versionControlProvenance":[{"repositoryUri":"https://git.example.org/portal","revisionId":"abc","branch":"main"}],"results":[\n`,
  chunk: (index) =>
    times(
      100,
      (n) =>
        `${index + n === 0 ? '' : ',\n'}{"ruleId":"js/rule-${n}","ruleIndex":${n},"level":"warning","message":{"text":"${TEXT}"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/part-${index}/file-${n}.js","uriBaseId":"%SRCROOT%"},"region":{"startLine":${n + 1},"startColumn":5,"endColumn":40}}}],"partialFingerprints":{"primaryLocationLineHash":"${(index * 100 + n).toString(16).padStart(16, '0')}:1"},"codeFlows":[{"threadFlows":[{"locations":[{"location":{"physicalLocation":{"artifactLocation":{"uri":"src/part-${index}/file-${n}.js"},"region":{"startLine":3}},"message":{"text":"${TEXT}"}}}]}]}]}`,
    ),
  tail: '\n]}]}\n',
};

const nuclei: Sample = {
  format: 'nuclei',
  shape: 'json-lines',
  head: '',
  chunk: (index) =>
    times(
      60,
      (n) =>
        `{"template":"http/misconfiguration/check-${n}.yaml","template-url":"https://cloud.example.org/public/check-${n}","template-id":"check-${n}","template-path":"/opt/nuclei-templates/http/misconfiguration/check-${n}.yaml","info":{"name":"Check ${n}","author":["someone"],"tags":["misconfig","http"],"description":"${TEXT}","severity":"medium","classification":{"cve-id":["cve-2026-${10_000 + n}"],"cwe-id":["cwe-200"],"cvss-metrics":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N","cvss-score":6.5}},"type":"http","host":"${address(index)}","port":"443","scheme":"https","url":"https://${address(index)}/","path":"/part-${n}","matched-at":"https://${address(index)}/part-${n}","request":"GET /part-${n} HTTP/1.1\\r\\nHost: ${address(index)}\\r\\nUser-Agent: Mozilla/5.0\\r\\nAccept: */*\\r\\n\\r\\n","response":"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<html><body>${TEXT} ${TEXT}</body></html>","ip":"${address(index)}","timestamp":"2026-11-20T10:00:00.123456789+08:00","curl-command":"curl -X 'GET' 'https://${address(index)}/part-${n}'","matcher-status":true}\n`,
    ),
  tail: '',
};

const trivy: Sample = {
  format: 'trivy',
  shape: 'json',
  head: `{"SchemaVersion":2,"Trivy":{"Version":"0.66.0"},"ReportID":"1","CreatedAt":"2026-11-20T10:00:00.123456789+08:00","ArtifactName":"registry.example.org/portal:1.0","ArtifactType":"container_image","Metadata":{"OS":{"Family":"debian","Name":"12.5"},"ImageID":"sha256:${'0'.repeat(64)}","RepoTags":["registry.example.org/portal:1.0"],"RepoDigests":["registry.example.org/portal@sha256:${'1'.repeat(64)}"]},"Results":[\n`,
  chunk: (index) =>
    `${index === 0 ? '' : ',\n'}{"Target":"app/part-${index}/package-lock.json","Class":"lang-pkgs","Type":"npm","Packages":[${times(40, (n) => `${n === 0 ? '' : ','}{"ID":"package-${n}@1.0.${n}","Name":"package-${n}","Identifier":{"PURL":"pkg:npm/package-${n}@1.0.${n}","UID":"0123456789abcdef"},"Version":"1.0.${n}","Relationship":"indirect","Layer":{}}`)}],"Vulnerabilities":[${times(40, (n) => `${n === 0 ? '' : ','}{"VulnerabilityID":"CVE-2026-${10_000 + n}","PkgID":"package-${n}@1.0.${n}","PkgName":"package-${n}","PkgIdentifier":{"PURL":"pkg:npm/package-${n}@1.0.${n}","UID":"0123456789abcdef"},"InstalledVersion":"1.0.${n}","FixedVersion":"2.0.0","Status":"fixed","SeveritySource":"nvd","PrimaryURL":"https://avd.example.org/nvd/cve-2026-${10_000 + n}","DataSource":{"ID":"ghsa","Name":"GitHub Security Advisory npm","URL":"https://github.com/advisories"},"Title":"Weakness ${n}","Description":"${TEXT} ${TEXT}","Severity":"HIGH","CweIDs":["CWE-79"],"CVSS":{"nvd":{"V3Vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N","V3Score":6.5}},"References":["https://www.example.org/a","https://www.example.org/b"],"PublishedDate":"2026-01-01T00:00:00Z"}`)}]}`,
  tail: '\n]}\n',
};

export const GENERATORS: readonly Sample[] = [nessus, sarif, nuclei, trivy];
