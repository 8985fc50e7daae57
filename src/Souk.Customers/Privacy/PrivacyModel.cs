using Microsoft.EntityFrameworkCore;
using Souk.Platform.Encryption;

namespace Souk.Customers.Privacy;

/// <summary>Exports and erasures in Customers' model.</summary>
internal static class PrivacyModel
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<DataExport>(export =>
        {
            export.ToTable("exports").Property(e => e.Id).ValueGeneratedNever();
            export.HasMany(e => e.Parts).WithOne().HasForeignKey(p => p.ExportId).OnDelete(DeleteBehavior.Cascade);
            export.HasIndex(e => e.CustomerId);
            export.HasIndex(e => e.DueAt);
            export.HasIndex(e => e.FinishedAt);
        });
        model.Entity<ExportPart>().ToTable("export_parts").HasKey(p => new { p.ExportId, p.Service });
        model.Entity<ExportPage>(page =>
        {
            page.ToTable("export_pages").HasKey(p => new { p.ExportId, p.Service, p.Number });
            page.HasOne<DataExport>().WithMany().HasForeignKey(p => p.ExportId).OnDelete(DeleteBehavior.Cascade);
            page.Sealed(p => p.Items);
        });
        model.Entity<Erasure>(erasure =>
        {
            erasure.ToTable("erasures").Property(e => e.Id).ValueGeneratedNever();
            erasure.HasIndex(e => e.ReceiptDigest).IsUnique();
            erasure.HasIndex(e => e.StartedAt);
        });
    }
}
