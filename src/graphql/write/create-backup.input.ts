import { Field, ID, InputType } from 'type-graphql';
import type { Secret } from '../../domain/secret.ts';
import { VCenterLocationTypeEnum } from '../enums.ts';
import { DateTimeScalar, DurationScalar, SecretScalar, TimeZoneScalar } from '../scalars.ts';
import { DRY_RUN_TEXT, KEY_TEXT, WAIT_TEXT } from './job-action.input.ts';
import { VeeamScheduleInput } from './schedule.input.ts';

@InputType('SecretInput', {
  description: 'A secret: the text itself, by variable, or the name of one that is configured for the source.',
})
export class SecretInput {
  @Field(() => SecretScalar, { nullable: true, description: 'The text, from a variable; leave out `ref` then.' })
  readonly value?: Secret | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name in the configuration of the source; leave out `value` then.',
  })
  readonly ref?: string | null;
}

@InputType('SailPointIncludedNamesInput', { description: 'Only these objects of a type.' })
export class SailPointIncludedNamesInput {
  @Field(() => String, { description: "The vendor's word for the type of object, such as `ROLE`." })
  readonly type!: string;

  @Field(() => [String], { description: 'Names of the objects, with case.' })
  readonly names!: readonly string[];
}

@InputType('CreateSailPointBackupInput', {
  description:
    'SailPoint has no "back up now": this files a scheduled action. `startAt` alone is once, `cron` is repeated.',
})
export class CreateSailPointBackupInput {
  @Field(() => String, { description: 'Name of the action, at most 50 characters.' })
  readonly name!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The first or only start; must lie ahead without `cron`.',
  })
  readonly startAt?: Date | null;

  @Field(() => String, { nullable: true, description: "Repetition, in the vendor's own cron dialect." })
  readonly cron?: string | null;

  @Field(() => TimeZoneScalar, { nullable: true, description: "Zone of the repetition; the tenant's when left out." })
  readonly timeZone?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: "The vendor's words for the types of objects, such as `ROLE`; all when left out.",
  })
  readonly includeTypes?: readonly string[] | null;

  @Field(() => [SailPointIncludedNamesInput], { nullable: true, description: 'Only some objects of a type.' })
  readonly includedNames?: readonly SailPointIncludedNamesInput[] | null;
}

@InputType('VCenterLocationInput', {
  description: 'A backup store written out. Refused unless its host is allowed in the configuration of the source.',
})
export class VCenterLocationInput {
  @Field(() => VCenterLocationTypeEnum, { description: 'Kind of store.' })
  readonly type!: string;

  @Field(() => String, { description: 'Path or URL of an empty folder, without user and password.' })
  readonly location!: string;

  @Field(() => String, { nullable: true, description: 'Account at the store; null is no login there.' })
  readonly user?: string | null;

  @Field(() => SecretInput, { nullable: true, description: 'Password of the account.' })
  readonly password?: SecretInput | null;
}

@InputType('VCenterDestinationInput', { description: 'Where the appliance sends its backup: exactly one of these.' })
export class VCenterDestinationInput {
  @Field(() => String, { nullable: true, description: 'Name of a destination in the configuration of the source.' })
  readonly configured?: string | null;

  @Field(() => VCenterLocationInput, { nullable: true, description: 'A destination written out.' })
  readonly inline?: VCenterLocationInput | null;

  @Field(() => ID, {
    nullable: true,
    description: "Global id of the appliance's own schedule, which is run now with its own parts and destination.",
  })
  readonly schedule?: string | null;
}

@InputType('CreateVCenterBackupInput', { description: 'A backup of the appliance that begins at once.' })
export class CreateVCenterBackupInput {
  @Field(() => VCenterDestinationInput, { description: 'Where it goes.' })
  readonly destination!: VCenterDestinationInput;

  @Field(() => [String], {
    nullable: true,
    description: 'Ids of optional parts; those that the appliance selects by default when left out.',
  })
  readonly parts?: readonly string[] | null;

  @Field(() => SecretInput, {
    nullable: true,
    description:
      'Encrypts the backup: 8 to 20 visible ASCII characters without a space, with an upper-case and a lower-case letter, a digit and a special character. Left out: not encrypted.',
  })
  readonly backupPassword?: SecretInput | null;

  @Field(() => String, { nullable: true, description: 'Kept with the archive; the gateway adds its own mark.' })
  readonly comment?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'A quicker backup, from 7.0.3 on.' })
  readonly fast?: boolean | null;
}

@InputType('CreateVeeamJobInput', { description: 'A new job that backs up a whole organisation.' })
export class CreateVeeamJobInput {
  @Field(() => ID, { description: "The vendor's id (GUID) of the organisation." })
  readonly organizationId!: string;

  @Field(() => String, { description: 'Name of the job.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, description: 'For people.' })
  readonly description?: string | null;

  @Field(() => ID, { description: "The vendor's id (GUID) of the repository, which also decides the retention." })
  readonly repositoryId!: string;

  @Field(() => VeeamScheduleInput, { nullable: true, description: 'When it runs; by hand only when left out.' })
  readonly schedule?: VeeamScheduleInput | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Whether it is run at once.' })
  readonly runNow?: boolean | null;
}

@InputType('CreateBackupTarget', { description: 'What is to be made: exactly one section, that of the vendor.' })
export class CreateBackupTarget {
  @Field(() => CreateSailPointBackupInput, { nullable: true, description: 'For SailPoint.' })
  readonly sailpoint?: CreateSailPointBackupInput | null;

  @Field(() => CreateVCenterBackupInput, { nullable: true, description: 'For vCenter.' })
  readonly vcenter?: CreateVCenterBackupInput | null;

  @Field(() => CreateVeeamJobInput, { nullable: true, description: 'For Veeam Backup for Microsoft 365.' })
  readonly veeam?: CreateVeeamJobInput | null;
}

@InputType('CreateBackupInput', { description: 'A new backup or job.' })
export class CreateBackupInput {
  @Field(() => ID, { description: 'Global id or key of the source.' })
  readonly source!: string;

  @Field(() => CreateBackupTarget, { description: 'What is to be made.' })
  readonly target!: CreateBackupTarget;

  @Field(() => String, { description: KEY_TEXT })
  readonly idempotencyKey!: string;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: DRY_RUN_TEXT })
  readonly dryRun?: boolean | null;

  @Field(() => DurationScalar, { nullable: true, description: WAIT_TEXT })
  readonly wait?: string | null;
}
