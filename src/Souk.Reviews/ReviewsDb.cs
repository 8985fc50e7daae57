using Microsoft.EntityFrameworkCore;
using Souk.Platform.Persistence;
using Souk.Reviews.Customers;
using Souk.Reviews.Products;
using Souk.Reviews.Ratings;
using Souk.Reviews.Reports;
using Souk.Reviews.Reviews;

namespace Souk.Reviews;

/// <summary>Reviews' model and its constraints.</summary>
internal sealed class ReviewsDb(DbContextOptions<ReviewsDb> options) : ServiceDb(options)
{
    public DbSet<Review> Reviews => Set<Review>();

    public DbSet<ReviewReport> Reports => Set<ReviewReport>();

    public DbSet<RatingSummary> Ratings => Set<RatingSummary>();

    public DbSet<KnownProduct> Products => Set<KnownProduct>();

    public DbSet<GoneCustomer> GoneCustomers => Set<GoneCustomer>();

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<KnownProduct>().ToTable("known_products").Property(p => p.Id).ValueGeneratedNever();
        model.Entity<GoneCustomer>().ToTable("gone_customers").Property(c => c.Id).ValueGeneratedNever();
        model.Entity<Review>(review =>
        {
            review.ToTable("reviews", t => t.HasCheckConstraint("ck_reviews_rating", "rating BETWEEN 0 AND 5"));
            review.Property(r => r.Id).ValueGeneratedNever();
            review.Property(r => r.Version).IsConcurrencyToken();
            review.HasOne(r => r.Product).WithMany().HasForeignKey(r => r.ProductId).OnDelete(DeleteBehavior.Restrict);

            // The unique index also finds all reviews of a customer.
            review.HasIndex(r => new { r.CustomerId, r.ProductId }).IsUnique();
            review.HasIndex(r => new { r.ProductId, r.Status, r.Id });
            review.HasIndex(r => new { r.Status, r.Id });
            review.HasIndex(r => r.Username);
        });
        model.Entity<ReviewReport>(report =>
        {
            report.ToTable("review_reports");
            report.Property(r => r.Id).ValueGeneratedNever();
            report.HasOne<Review>().WithMany().HasForeignKey(r => r.ReviewId).OnDelete(DeleteBehavior.Cascade);
            report.HasIndex(r => new { r.ReviewId, r.ReporterId }).IsUnique();
            report.HasIndex(r => r.ReporterId);
        });
        model.Entity<RatingSummary>(summary =>
        {
            summary.ToTable("rating_summaries", t => t.HasCheckConstraint("ck_rating_summaries_count", "count >= 0"));
            summary.HasKey(s => s.ProductId);
            summary.Property(s => s.ProductId).ValueGeneratedNever();
        });
    }
}
