import { type Authorization, PROBE_METHOD_LABELS } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { Failure } from '../ui/Failure.tsx';
import { fileSize } from '../ui/file-size.ts';
import { useTitle } from '../ui/use-title.ts';
import { When } from '../ui/When.tsx';
import { AuthorizationActions } from './AuthorizationActions.tsx';
import { AuthorizationState } from './AuthorizationState.tsx';
import { useAuthorization } from './use-authorizations.ts';
import { WindowText } from './WindowText.tsx';
import '../retests/retests.css';

const route = getRouteApi('/authorizations/$authorizationId');

export function AuthorizationScreen() {
  const { t } = useTranslation();
  const { authorizationId } = route.useParams();
  const { data, error, isPending, refetch } = useAuthorization(authorizationId);
  useTitle(data?.title ?? t('authorizations.title'));
  return (
    <div className="screen">
      <Link className="back" to="/authorizations">
        <span aria-hidden="true">←</span> {t('authorizations.back')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : (
        <>
          <h1>{data.title}</h1>
          <AuthorizationActions authorization={data} />
          <Terms of={data} />
          <Steps of={data} />
        </>
      )}
    </div>
  );
}

function Terms({ of }: { readonly of: Authorization }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const methods = (list: Authorization['allowed']) =>
    list.map((one) => PROBE_METHOD_LABELS[one][language]).join(language === 'zh' ? '、' : ', ');
  return (
    <section className="panel" aria-label={t('authorizations.terms')}>
      <dl className="pairs">
        <Fact label={t('authorizations.state')}>
          <AuthorizationState of={of} />
        </Fact>
        <Fact label={t('organization.label')}>
          <OrganizationName of={of.organization} />
        </Fact>
        <Fact label={t('authorizations.targets')}>
          {[...of.ranges, ...of.names].map((one) => (
            <code key={one} className="identifier">
              {one}
            </code>
          ))}
        </Fact>
        <Fact label={t('authorizations.allowed')}>{methods(of.allowed)}</Fact>
        {of.forbidden.length === 0 ? null : (
          <Fact label={t('authorizations.forbidden')}>{methods(of.forbidden)}</Fact>
        )}
        <Fact label={t('authorizations.windows')}>
          <WindowText windows={of.windows} timeZone={of.timeZone} />
        </Fact>
        <Fact label={t('authorizations.rate')}>{t('authorizations.perSecond', { count: of.rate })}</Fact>
        {of.sourceAddresses.length === 0 ? null : (
          <Fact label={t('authorizations.sources')}>
            {of.sourceAddresses.map((one) => (
              <code key={one} className="identifier">
                {one}
              </code>
            ))}
          </Fact>
        )}
        <Fact label={t('authorizations.stopContact')}>
          {of.stopContact.name} <a href={`tel:${of.stopContact.phone}`}>{of.stopContact.phone}</a>
        </Fact>
        <Fact label={t('authorizations.valid')}>
          <When at={of.validFrom} /> – <When at={of.expiresAt} />
        </Fact>
        <Fact label={t('authorizations.document')}>
          <a
            href={`/api/v1/authorizations/${of.id}/document`}
            download={of.document.fileName}
            className="file-name"
          >
            {of.document.fileName}
          </a>{' '}
          <small>{fileSize(of.document.sizeBytes, language)}</small>
          <p className="hint">
            {t('authorizations.signedBy')} {of.signedBy} · SHA-256{' '}
            <code>{of.document.sha256.slice(0, 16)}…</code>
          </p>
        </Fact>
      </dl>
    </section>
  );
}

/** Who did what with it, and when. */
function Steps({ of }: { readonly of: Authorization }) {
  const { t } = useTranslation();
  const steps = [
    { what: 'drafted', by: of.draftedBy, at: of.draftedAt },
    { what: 'approved', by: of.approvedBy, at: of.approvedAt },
    { what: 'stopped', by: of.stoppedBy, at: of.stoppedAt },
    { what: 'revoked', by: of.revokedBy, at: of.revokedAt },
  ] as const;
  return (
    <section className="panel" aria-labelledby="steps-title">
      <h2 id="steps-title">{t('authorizations.steps')}</h2>
      <ul className="rows">
        {steps.map(({ what, by, at }) =>
          by === null || at === null ? null : (
            <li key={what}>
              {t(`authorizations.did.${what}`, { name: by.name })} <When at={at} />
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
