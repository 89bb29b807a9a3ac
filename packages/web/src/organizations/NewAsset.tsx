import { Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../app/request.ts';
import { RecordDialog } from './record/RecordDialog.tsx';
import { SystemSelect } from './SystemSelect.tsx';
import { useSaveRecord } from './use-registers.ts';

interface NewAssetProps {
  readonly organizationId: string;
  readonly onClose: () => void;
}

interface Candidate {
  readonly id: string;
  readonly identity: string;
}

/** Where several assets that scans know could be the new one, the person says which. */
export function NewAsset({ organizationId, onClose }: NewAssetProps) {
  const { t } = useTranslation();
  const save = useSaveRecord();
  const [system, setSystem] = useState<{ id: string; name: string } | null>(null);
  const [candidates, setCandidates] = useState<readonly Candidate[]>([]);
  const [assetId, setAssetId] = useState<string | undefined>();
  return (
    <RecordDialog
      kind="asset"
      title={t('organizations.assets.add')}
      record={null}
      besides={
        <>
          <SystemSelect organizationId={organizationId} value={system} onChange={setSystem} />
          {candidates.length === 0 ? null : (
            <fieldset className="candidates">
              <legend>{t('organizations.assets.candidates')}</legend>
              <Radio.Group
                vertical
                value={assetId ?? null}
                options={[
                  ...candidates.map(({ id, identity }) => ({ value: id, label: identity })),
                  { value: 'new', label: t('organizations.assets.noneOfThem') },
                ]}
                onChange={({ target }) => setAssetId(target.value)}
              />
            </fieldset>
          )}
        </>
      }
      save={async (fields) => {
        try {
          await save.newAsset({
            organizationId,
            fields,
            ...(system === null ? {} : { systemId: system.id }),
            ...(assetId === undefined ? {} : { assetId }),
          });
        } catch (error) {
          setCandidates(candidatesOf(error));
          throw error;
        }
      }}
      onClose={onClose}
    />
  );
}

/** ASSET_CANDIDATES names each as "<id> <identity>". */
function candidatesOf(error: unknown): Candidate[] {
  if (!(error instanceof Refusal) || error.problem.code !== 'ASSET_CANDIDATES') return [];
  return (error.problem.errors ?? []).map(({ message }) => {
    const [id = '', ...identity] = message.split(' ');
    return { id, identity: identity.join(' ') };
  });
}
