import { Field, ID, ObjectType, createUnionType } from 'type-graphql';
import type {
  BackupJobDetails,
  IntronisBackupSetDetails,
  SailPointBackupDetails,
  VCenterBackupDetails,
  VeeamJobDetails,
} from '../domain/backup-job.ts';
import type { BackupRunDetails, IntronisReportDetails, VeeamSessionDetails } from '../domain/backup-run.ts';
import { DateTimeScalar } from './scalars.ts';

@ObjectType('VeeamJobDetails', { description: 'What only Veeam Backup for Microsoft 365 tells of a job.' })
export class VeeamJobDetailsType implements Omit<VeeamJobDetails, 'type'> {
  @Field(() => String, {
    nullable: true,
    description: 'What the job takes: EntireOrganization or SelectedItems, as the vendor writes it.',
  })
  readonly backupType!: string | undefined;

  @Field(() => ID, { nullable: true, description: "The vendor's id of the organisation." })
  readonly organizationId!: string | undefined;

  @Field(() => ID, { nullable: true, description: "The vendor's id of the backup repository." })
  readonly repositoryId!: string | undefined;
}

@ObjectType('VeeamSessionDetails', { description: 'What only Veeam Backup for Microsoft 365 tells of a run.' })
export class VeeamSessionDetailsType implements Omit<VeeamSessionDetails, 'type'> {
  @Field(() => String, { nullable: true, description: 'Full or Incremental, where the version tells.' })
  readonly sessionType!: string | undefined;
}

@ObjectType('IntronisBackupSetDetails', { description: 'What only Barracuda Intronis tells of a backup set.' })
export class IntronisBackupSetDetailsType implements Omit<IntronisBackupSetDetails, 'type'> {
  @Field(() => String, { description: 'The account that the computer belongs to.' })
  readonly accountUsername!: string;

  @Field(() => ID, { description: "The computer's id; text, with its zeros." })
  readonly computerId!: string;

  @Field(() => String, { nullable: true, description: "The computer's name." })
  readonly computerName!: string | undefined;

  @Field(() => String, { description: "The backup set's name." })
  readonly backupsetName!: string;
}

@ObjectType('IntronisReportDetails', { description: 'What only Barracuda Intronis tells of a run.' })
export class IntronisReportDetailsType implements Omit<IntronisReportDetails, 'type'> {
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the report was made.' })
  readonly reportDate!: Date | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: "The beginning by the computer's clock." })
  readonly localStart!: Date | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: "The last update, or the end, by the computer's clock." })
  readonly localEnd!: Date | undefined;

  @Field(() => [String], { description: 'The condition types word for word.' })
  readonly conditionTypes!: readonly string[];
}

@ObjectType('SailPointBackupDetails', { description: 'What only SailPoint tells of a backup.' })
export class SailPointBackupDetailsType implements Omit<SailPointBackupDetails, 'type'> {
  @Field(() => String, {
    nullable: true,
    description: 'The tenant that made it; connected tenants can appear in one list.',
  })
  readonly tenant!: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'How it came about, as the vendor writes it, such as MANUAL or UPLOADED.',
  })
  readonly backupType!: string | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Whether a file was stored.' })
  readonly fileExists!: boolean | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Whether a regular user may delete it.' })
  readonly userCanDelete!: boolean | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Whether it holds only some object types.' })
  readonly isPartial!: boolean | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Whether the object details are ready, as the vendor writes it.',
  })
  readonly hydrationStatus!: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: "The copy to the customer's own storage, as the vendor writes it.",
  })
  readonly cloudStorageStatus!: string | undefined;
}

@ObjectType('VCenterBackupDetails', { description: 'What only vCenter tells of a backup.' })
export class VCenterBackupDetailsType implements Omit<VCenterBackupDetails, 'type'> {
  @Field(() => [String], {
    nullable: true,
    description: 'The optional parts that are taken; null when the vendor does not tell.',
  })
  readonly parts!: readonly string[] | undefined;

  @Field(() => String, { nullable: true, description: 'Kind of place, such as SFTP.' })
  readonly locationType!: string | undefined;

  @Field(() => String, { nullable: true, description: 'Where it goes, without any user or password.' })
  readonly location!: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'The comment given when it was started; null when the vendor does not tell.',
  })
  readonly comment!: string | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is encrypted; null when the vendor does not tell.' })
  readonly encrypted!: boolean | undefined;
}

export const BackupJobDetailsUnion = createUnionType({
  name: 'BackupJobDetails',
  description: 'What only one vendor tells of a job.',
  types: () =>
    [VeeamJobDetailsType, IntronisBackupSetDetailsType, SailPointBackupDetailsType, VCenterBackupDetailsType] as const,
  resolveType: (value) => (value as unknown as BackupJobDetails).type,
});

export const BackupRunDetailsUnion = createUnionType({
  name: 'BackupRunDetails',
  description: 'What only one vendor tells of a run.',
  types: () =>
    [SailPointBackupDetailsType, VCenterBackupDetailsType, VeeamSessionDetailsType, IntronisReportDetailsType] as const,
  resolveType: (value) => (value as unknown as BackupRunDetails).type,
});
