using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class Outbox : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "AcknowledgedAt",
                table: "Notices",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AcknowledgedBy",
                table: "Notices",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<uint>(
                name: "Version",
                table: "Notices",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0u);

            migrationBuilder.CreateIndex(
                name: "IX_Notices_ForceId_CreatedAt",
                table: "Notices",
                columns: new[] { "ForceId", "CreatedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Notices_ForceId_CreatedAt",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "AcknowledgedAt",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "AcknowledgedBy",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "Notices");
        }
    }
}
