import { configOrExit, rotateEvidenceKeys, standardEvidence } from '@backcheck/server';

/**
 * `backcheck keys rotate`: from now on files are sealed under a new key. A running server takes it up with the next file
 * and brings the old files under it at night; nothing has to be restarted.
 */
export async function rotateKeysCommand(): Promise<number> {
  const config = configOrExit(process.env);
  const { keyFile } = config.evidence ?? standardEvidence(config.dataDir);
  try {
    const count = await rotateEvidenceKeys(keyFile, new Date());
    process.stdout.write(
      `A new key is in force (${count} in ${keyFile}). Back this file up now, apart from the data.\n` +
        'Stored files are brought under it tonight. Keep the older keys as long as a backup was made under them.\n' +
        `新密钥已启用（${keyFile} 中共 ${count} 个）。请立即单独备份该文件。\n` +
        '已存文件将于今夜改用新密钥。只要仍有用旧密钥制作的备份，就请保留旧密钥。\n',
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
