ALTER TABLE "pause" ALTER COLUMN "until" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "pause" ADD COLUMN "by" text;--> statement-breakpoint
ALTER TABLE "pause" ADD COLUMN "now" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "pause" ADD COLUMN "cause" text;