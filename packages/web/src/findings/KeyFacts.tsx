import type { Finding } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { Fact } from '../ui/Fact.tsx';
import { When } from '../ui/When.tsx';

export function KeyFacts({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const { organization, asset, transport, port, check, locus, cve, firstSeen, lastSeen } = finding;
  return (
    <section aria-labelledby="facts-title" className="panel">
      <h2 id="facts-title">{t('facts.title')}</h2>
      <dl className="key-facts">
        <Fact label={t('facts.organization')}>
          <OrganizationName of={organization} />
        </Fact>
        <Fact label={t('facts.asset')}>
          {asset.identifiers.map(({ kind, value }) => (
            <span key={`${kind} ${value}`} className="identifier">
              {value} <small>{kind}</small>
            </span>
          ))}
          <Link to="/assets/$assetId" params={{ assetId: asset.id }}>
            {t('facts.seeAsset')}
          </Link>
        </Fact>
        <Fact label={t('facts.port')}>
          {transport === 'none' ? t('facts.wholeAsset') : `${port}/${transport}`}
        </Fact>
        <Fact label={t('facts.check')}>
          <code>{check}</code>
        </Fact>
        {locus === '' ? null : (
          <Fact label={t('facts.locus')}>
            <code>{locus}</code>
          </Fact>
        )}
        {cve.length === 0 ? null : <Fact label="CVE">{cve.join(' ')}</Fact>}
        <Fact label={t('facts.firstSeen')}>
          <When at={firstSeen} />
        </Fact>
        <Fact label={t('facts.lastSeen')}>
          <When at={lastSeen} />
        </Fact>
      </dl>
    </section>
  );
}
