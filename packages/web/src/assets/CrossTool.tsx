import type { Organization } from '@backcheck/contract';
import { Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSetCrossTool } from '../app/use-organizations.ts';
import { Failure } from '../ui/Failure.tsx';

/** Whether one tool's proof may close another's finding; off unless the organization wants it. */
export function CrossTool({ organization }: { readonly organization: Organization }) {
  const { t } = useTranslation();
  const set = useSetCrossTool(organization.id);
  return (
    <section className="panel" aria-labelledby="cross-tool-title">
      <h2 id="cross-tool-title">{t('assets.settings.crossTool')}</h2>
      <p className="cross-tool">
        <Switch
          id="cross-tool"
          aria-labelledby="cross-tool-label"
          aria-describedby="cross-tool-hint"
          checked={organization.crossTool}
          loading={set.isPending}
          onChange={(on) => set.mutate(on)}
        />
        <label id="cross-tool-label" htmlFor="cross-tool">
          {t('assets.settings.crossToolLabel')}
        </label>
      </p>
      <p id="cross-tool-hint" className="hint">
        {t('assets.settings.crossToolHint')}
      </p>
      {set.error === null ? null : <Failure error={set.error} />}
    </section>
  );
}
