import type { Import } from '@backcheck/contract';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeclaredTime } from './DeclaredTime.tsx';
import type { Origin } from './upload.ts';

interface TimeMissingProps {
  readonly of: Import;
  /** Null when this browser no longer holds the file: then only dropping it again helps. */
  readonly onAgain: ((origin: Origin) => void) | null;
}

/**
 * The file does not say when it was made, and the time of the upload says nothing: an old clean file sent
 * today would close today's finding. So a person declares it, and the certificate will name that assumption.
 */
export function TimeMissing({ of, onAgain }: TimeMissingProps) {
  const { t } = useTranslation();
  const [declared, setDeclared] = useState<Pick<Origin, 'declaredAt' | 'declaredBy'>>({
    declaredAt: null,
    declaredBy: of.submittedBy === 'organization' ? 'organization' : 'coordinator',
  });
  const { organizationId, vantage, submittedBy } = of;
  return (
    <div className="time-missing">
      <Alert
        type="warning"
        showIcon
        title={t('timeMissing.title')}
        description={onAgain === null ? t('timeMissing.dropAgain') : t('timeMissing.why')}
      />
      {onAgain === null ? null : (
        <div className="origin-fields">
          <DeclaredTime
            prefix={`import-${of.id}`}
            label={t('timeMissing.label')}
            hint={t('timeMissing.hint')}
            {...declared}
            onChange={(part) => setDeclared((before) => ({ ...before, ...part }))}
          />
          <Button
            disabled={declared.declaredAt === null}
            onClick={() =>
              onAgain({ organizationId, vantage, submittedBy, profile: of.scanProfileId, ...declared })
            }
          >
            {t('timeMissing.again')}
          </Button>
        </div>
      )}
    </div>
  );
}
