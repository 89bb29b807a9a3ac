import type { LeasedTask, RunnerTool, RunStatement, StopCode, Welcome } from '@backcheck/engines';
import type { Language } from './verify-text.ts';

interface Words {
  readonly connected: (url: string, welcome: Welcome) => string;
  readonly tool: (tool: RunnerTool) => string;
  readonly noServer: (url: string, why: string) => string;
  readonly taken: (task: LeasedTask) => string;
  readonly ended: (statement: RunStatement) => string;
  readonly lost: (statement: RunStatement) => string;
  readonly stopped: string;
  readonly stop: Readonly<Record<StopCode, (detail: string) => string>>;
  readonly badFolder: (folder: string, why: string) => string;
  readonly badTasks: string;
}

/** What `backcheck runner` says, one line each. */
export const RUNNER_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    connected: (url, { runnerId, vantage }) =>
      `connected to ${url} as runner ${runnerId}, looking from "${vantage}"`,
    tool: ({ engine, version, install }) =>
      version === null ? `  ${engine}: not installed; install ${install ?? ''}` : `  ${engine} ${version}`,
    noServer: (url, why) => `${url} does not answer (${why}); trying again`,
    taken: ({ engine, host }) => `${engine} looks at ${host}`,
    ended: ({ engine, host, why }) => `${engine} at ${host}: ${why ?? 'result handed in'}`,
    lost: ({ engine, host }) => `${engine} at ${host}: the server did not take the result`,
    stopped: 'stopped; what was running was given back',
    stop: {
      RUNNER_KEY_INVALID: () =>
        'the key is wrong or was revoked; register the runner again on the Runners page',
      RUNNER_KEY_CHANGED: () =>
        'this runner had another signing key at its first contact; restore it in the data folder, or register the runner anew',
      CLOCK_OFF: (server) =>
        `the clocks are more than a minute apart; it is ${server} on the server. Set the clock of this machine`,
    },
    badFolder: (folder, why) => `the data folder ${folder} cannot be used: ${why}`,
    badTasks: '--tasks must be a whole number from 1 to 50',
  },
  zh: {
    connected: (url, { runnerId, vantage }) => `已连接 ${url}，执行器编号 ${runnerId}，扫描位置“${vantage}”`,
    tool: ({ engine, version, install }) =>
      version === null ? `  ${engine}：未安装，请安装 ${install ?? ''}` : `  ${engine} ${version}`,
    noServer: (url, why) => `${url} 没有应答（${why}），将继续尝试`,
    taken: ({ engine, host }) => `${engine} 正在检测 ${host}`,
    ended: ({ engine, host, why }) => `${engine} 检测 ${host}：${why ?? '结果已提交'}`,
    lost: ({ engine, host }) => `${engine} 检测 ${host}：服务器未采纳结果`,
    stopped: '已停止，未完成的任务已交还',
    stop: {
      RUNNER_KEY_INVALID: () => '密钥错误或已吊销，请在“执行器”页面重新登记',
      RUNNER_KEY_CHANGED: () => '该执行器首次连接时使用另一把签名密钥，请在数据目录中恢复原密钥，或重新登记',
      CLOCK_OFF: (server) => `本机与服务器时间相差超过一分钟（服务器时间 ${server}），请校准本机时间`,
    },
    badFolder: (folder, why) => `数据目录 ${folder} 无法使用：${why}`,
    badTasks: '--tasks 必须是 1 到 50 的整数',
  },
};
