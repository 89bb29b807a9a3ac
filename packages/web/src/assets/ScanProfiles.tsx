import { Button, Upload } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { useScanProfileChanges, useScanProfiles } from '../imports/use-scan-profiles.ts';
import { Failure } from '../ui/Failure.tsx';
import { When } from '../ui/When.tsx';

/** How the organization's scanners are run, where their files do not say it themselves. */
export function ScanProfiles({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, error } = useScanProfiles(organizationId);
  const { register, retire } = useScanProfileChanges(organizationId);
  const inUse = data?.items.filter(({ retiredAt }) => retiredAt === null);
  const failure = error ?? register.error ?? retire.error;
  return (
    <section className="panel" aria-labelledby="profiles-title">
      <h2 id="profiles-title">{t('assets.settings.profiles')}</h2>
      <p className="hint">{t('assets.settings.profilesHint')}</p>
      <ul className="register">
        {inUse?.map(({ id, registeredAt, content: { title, tool, version } }) => (
          <li key={id}>
            <span>
              {title[language]} <code>{`${tool} ${version}`}</code> <When at={registeredAt} />
            </span>
            <Button
              size="small"
              aria-label={t('assets.settings.retireNamed', { name: title[language] })}
              loading={retire.isPending && retire.variables === id}
              onClick={() => retire.mutate(id)}
            >
              {t('assets.settings.retire')}
            </Button>
          </li>
        ))}
      </ul>
      {inUse?.length === 0 ? <p>{t('assets.settings.profilesNone')}</p> : null}
      <Upload
        className="register-file"
        accept=".json,application/json"
        showUploadList={false}
        beforeUpload={(file) => {
          register.mutate(file);
          return false;
        }}
      >
        <Button loading={register.isPending}>{t('assets.settings.registerProfile')}</Button>
      </Upload>
      {failure === null ? null : <Failure error={failure} />}
    </section>
  );
}
