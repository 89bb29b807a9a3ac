/**
 * A SARIF 2.1.0 file of one repository: one result for each rule that is named, and an explicit pass at the
 * same place for each of `passed`.
 */
export function sarif(failed: readonly string[], startedAt: string, passed: readonly string[] = []): string {
  return JSON.stringify({
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: 'examplescan',
            version: '1.0',
            rules: ['R1', 'R2', 'R3', 'R9'].map((id) => ({ id })),
          },
        },
        invocations: [{ executionSuccessful: true, startTimeUtc: startedAt, endTimeUtc: startedAt }],
        versionControlProvenance: [{ repositoryUri: 'https://git.example.org/portal' }],
        results: [...failed, ...passed].map((ruleId) => ({
          ruleId,
          ...(passed.includes(ruleId) ? { kind: 'pass', level: 'none' } : { level: 'warning' }),
          message: { text: `About ${ruleId}` },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'src/index.ts' }, region: { startLine: 1 } } },
          ],
        })),
      },
    ],
  });
}
