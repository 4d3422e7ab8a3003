import { describeStorms } from './support/describe-storms.ts'

describeStorms()
