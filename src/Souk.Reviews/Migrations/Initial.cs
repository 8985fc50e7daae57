using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Persistence;

namespace Souk.Reviews.Migrations;

/// <summary>Reviews, reports of them, ratings, and what is known of products and customers.</summary>
[DbContext(typeof(ReviewsDb))]
[Migration("20261121000001_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        PlatformTables.Create(migrationBuilder);
        CreateKnown(migrationBuilder);
        CreateReviews(migrationBuilder);
        CreateReports(migrationBuilder);
        CreateRatings(migrationBuilder);
    }

    private static void CreateKnown(MigrationBuilder migration)
    {
        migration.CreateTable(
            "known_products",
            t => new { id = t.Column<long>(), name = t.Column<string>(), deleted = t.Column<bool>() },
            constraints: t => t.PrimaryKey("pk_known_products", x => x.id));
        migration.CreateTable(
            "gone_customers",
            t => new { id = t.Column<Guid>() },
            constraints: t => t.PrimaryKey("pk_gone_customers", x => x.id));
    }

    private static void CreateReviews(MigrationBuilder migration)
    {
        migration.CreateTable(
            "reviews",
            t => new
            {
                id = t.Column<Guid>(),
                customer_id = t.Column<Guid>(),
                username = t.Column<string>(),
                product_id = t.Column<long>(),
                rating = t.Column<int>(),
                comment = t.Column<string>(),
                status = t.Column<string>(),
                version = t.Column<int>(),
                created_at = t.Column<DateTime>(),
                updated_at = t.Column<DateTime>(),
                moderation_note = t.Column<string>(nullable: true),
                moderated_by = t.Column<Guid>(nullable: true),
                moderated_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t =>
            {
                t.PrimaryKey("pk_reviews", x => x.id);
                t.ForeignKey("fk_reviews_product", x => x.product_id, "known_products", "id", onDelete: ReferentialAction.Restrict);
                t.CheckConstraint("ck_reviews_rating", "rating BETWEEN 0 AND 5");
            });
        migration.CreateIndex("ix_reviews_customer_id_product_id", "reviews", ["customer_id", "product_id"], unique: true);
        migration.CreateIndex("ix_reviews_product_id_status_id", "reviews", ["product_id", "status", "id"]);
        migration.CreateIndex("ix_reviews_status_id", "reviews", ["status", "id"]);
        migration.CreateIndex("ix_reviews_username", "reviews", "username");
    }

    private static void CreateReports(MigrationBuilder migration)
    {
        migration.CreateTable(
            "review_reports",
            t => new
            {
                id = t.Column<Guid>(),
                review_id = t.Column<Guid>(),
                reporter_id = t.Column<Guid>(),
                reason = t.Column<string>(),
                note = t.Column<string>(nullable: true),
                settled = t.Column<bool>(),
                at = t.Column<DateTime>(),
            },
            constraints: t =>
            {
                t.PrimaryKey("pk_review_reports", x => x.id);
                t.ForeignKey("fk_review_reports_review", x => x.review_id, "reviews", "id", onDelete: ReferentialAction.Cascade);
            });
        migration.CreateIndex("ix_review_reports_review_id_reporter_id", "review_reports", ["review_id", "reporter_id"], unique: true);
        migration.CreateIndex("ix_review_reports_reporter_id", "review_reports", "reporter_id");
    }

    private static void CreateRatings(MigrationBuilder migration) => migration.CreateTable(
        "rating_summaries",
        t => new
        {
            product_id = t.Column<long>(),
            count = t.Column<long>(),
            sum = t.Column<long>(),
            stars0 = t.Column<long>(),
            stars1 = t.Column<long>(),
            stars2 = t.Column<long>(),
            stars3 = t.Column<long>(),
            stars4 = t.Column<long>(),
            stars5 = t.Column<long>(),
        },
        constraints: t =>
        {
            t.PrimaryKey("pk_rating_summaries", x => x.product_id);
            t.CheckConstraint("ck_rating_summaries_count", "count >= 0");
        });
}
